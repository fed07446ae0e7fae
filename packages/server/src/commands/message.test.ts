import { expect, it } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { connect, refusalOf } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";

const roomId = "lobby";

/** A server that believes the token: an id, and roles after a slash. */
async function startTrusting() {
  const server = await startServer({
    authenticate: ({ token }) => {
      const [id = "", role] = (token ?? "").split("/");
      return { id, name: id, ...(role === "moderator" && { roles: ["moderator"] as const }) };
    },
  });
  const join = async (token: string) => {
    const client = await connect(server.origin, { token });
    const { permissions } = await client.ask("room:join", { roomId });
    return Object.assign(client, { permissions });
  };
  return { ...server, join };
}

it("lets authors edit and delete their own messages only, and moderators delete any", async () => {
  const { join } = await startTrusting();
  const [ann, bob, mona] = [await join("ann"), await join("bob"), await join("mona/moderator")];
  expect(ann.permissions).toEqual(["read", "send", "attach", "react", "edit-own", "delete-own", "open-direct", "publish"]);
  expect(mona.permissions).toContain("delete-any");
  const { id: messageId } = await ann.send(roomId, "hello");

  expect(await refusalOf(bob.ask("message:edit", { roomId, id: uuidv7(), messageId, text: "forged" }))).toMatchObject({ code: "forbidden" });
  expect(await refusalOf(bob.ask("message:delete", { roomId, id: uuidv7(), messageId }))).toMatchObject({ code: "forbidden" });
  expect(await refusalOf(mona.ask("message:edit", { roomId, id: uuidv7(), messageId, text: "forged" }))).toMatchObject({ code: "forbidden" });

  await ann.ask("message:edit", { roomId, id: uuidv7(), messageId, text: "hello all" });
  expect((await bob.ask("message:read", { roomId, messageIds: [messageId] })).messages).toMatchObject([{ text: "hello all", rev: 2 }]);
  await mona.ask("message:delete", { roomId, id: uuidv7(), messageId });
  expect((await bob.ask("message:read", { roomId, messageIds: [messageId] })).messages).toMatchObject([{ text: "", deletedBy: "mona" }]);
});

it("refuses to edit what is deleted and has nothing to do when it is deleted again", async () => {
  const { join } = await startTrusting();
  const ann = await join("ann");
  const { id: messageId } = await ann.send(roomId, "hello");
  await ann.ask("message:delete", { roomId, id: uuidv7(), messageId });
  expect(await refusalOf(ann.ask("message:edit", { roomId, id: uuidv7(), messageId, text: "back" }))).toMatchObject({ code: "conflict" });
  expect(await ann.ask("message:delete", { roomId, id: uuidv7(), messageId })).toEqual({});
});

it("refuses to answer, edit or delete a message that is not in the room", async () => {
  const { join } = await startTrusting();
  const ann = await join("ann");
  const elsewhere = await ann.ask("room:join", { roomId: "other" }).then(() => ann.send("other", "there"));
  for (const messageId of [uuidv7(), elsewhere.id]) {
    expect(await refusalOf(ann.ask("message:send", { roomId, id: uuidv7(), text: "re", replyTo: messageId }))).toMatchObject({ code: "not-found" });
    expect(await refusalOf(ann.ask("message:edit", { roomId, id: uuidv7(), messageId, text: "x" }))).toMatchObject({ code: "not-found" });
    expect(await refusalOf(ann.ask("message:delete", { roomId, id: uuidv7(), messageId }))).toMatchObject({ code: "not-found" });
  }
  const { id: replyTo } = await ann.send(roomId, "hello");
  expect(await ann.ask("message:send", { roomId, id: uuidv7(), text: "re", replyTo })).toMatchObject({ event: { replyTo } });
});

it("takes text as people write it and nothing that is not text", async () => {
  const { join } = await startTrusting();
  const ann = await join("ann");
  const kept = ["👨‍👩‍👧‍👦 🏳️‍🌈", "می‌خواهم", "ภาษาไทย བོད་ཡིག", "tab\tand\nnewline", "1e999", '<img src=x onerror="alert(1)">'];
  for (const text of kept) expect(await ann.send(roomId, text)).toMatchObject({ text });
  expect(await ann.send(roomId, "a\r\nb\u0000c\u001B[31md\u0085e")).toMatchObject({ text: "a\nbc[31mde" });
  expect(await ann.send(roomId, "lone \uD800!")).toMatchObject({ text: "lone \uFFFD!" });
  for (const text of ["", "  \n", "\u200B\u200D", "\u0000\u0001"]) {
    expect(await refusalOf(ann.send(roomId, text))).toMatchObject({ code: "invalid" });
  }
});

it("counts the bytes of a text, not its characters", async () => {
  const { origin } = await startServer({ limits: { textBytes: 9 } });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  await ann.send(roomId, "ééééx");
  expect(await refusalOf(ann.send(roomId, "ééééé"))).toMatchObject({ code: "too-large", retry: "no", details: { limit: 9 } });
});

it("reads history around any place, in pages no larger than the limit", async () => {
  const { origin } = await startServer({ limits: { pageSize: 5 } });
  const ann = await connect(origin);
  const { catchUp } = await ann.ask("room:join", { roomId });
  for (let n = 1; n <= 12; n++) await ann.send(roomId, `${n}`);
  const seqs = async (place: { before?: number; after?: number; around?: number }) => {
    const page = await ann.ask("history:read", { roomId, limit: 1_000, ...place });
    expect(page).toMatchObject({ epoch: catchUp.epoch, asOf: 12 });
    return page.messages.map(({ seq }) => seq);
  };
  expect(await seqs({})).toEqual([8, 9, 10, 11, 12]);
  expect(await seqs({ before: 8 })).toEqual([3, 4, 5, 6, 7]);
  expect(await seqs({ after: 0 })).toEqual([1, 2, 3, 4, 5]);
  expect(await seqs({ around: 6 })).toContain(6);
});
