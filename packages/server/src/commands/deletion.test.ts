import { expect, it } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { startKnownUsers } from "../../test/known-users.js";
import { refusalOf } from "../../test/test-client.js";
import { memoryStore } from "../stores/memory-store.js";

const roomId = "lobby";

it("tells everybody why a moderator deleted what somebody else wrote", async () => {
  const { enter, chat } = await startKnownUsers();
  const [ann, mona] = [await enter("ann"), await enter("mona")];
  const [one, two] = [await ann.send(roomId, "one"), await ann.send(roomId, "two")];
  const deletion = { roomId, id: uuidv7(), messageId: one.id, publicReason: "Advertising" };
  expect(await mona.ask("message:delete", deletion)).toMatchObject({ event: { publicReason: "Advertising" } });
  expect(await mona.ask("message:delete", deletion)).toEqual({});
  expect(await chat.room(roomId).delete(two.id, { by: "filter", publicReason: "Spam" })).toMatchObject({ deletionReason: "Spam" });
  const { catchUp } = await enter("cleo");
  expect(catchUp).toMatchObject({ messages: [{ text: "", deletedBy: "mona", deletionReason: "Advertising" }, { deletedBy: "filter", deletionReason: "Spam" }] });
});

it("takes no reason from an author", async () => {
  const { enter } = await startKnownUsers();
  const mona = await enter("mona");
  const { id } = await mona.send(roomId, "mine");
  expect(await refusalOf(mona.ask("message:delete", { roomId, id: uuidv7(), messageId: id, publicReason: "because" }))).toMatchObject({ code: "conflict" });
  await mona.ask("message:delete", { roomId, id: uuidv7(), messageId: id });
});

it("forgets the reason with the message", async () => {
  const store = memoryStore();
  const { enter, chat } = await startKnownUsers({ store });
  const ann = await enter("ann");
  const { id } = await ann.send(roomId, "one");
  await chat.room(roomId).delete(id, { by: "filter", publicReason: "Advertising" });
  for (let isDone = false; !isDone; ) ({ isDone } = await store.forget({ messages: Number.MAX_SAFE_INTEGER, ids: 0 }));
  expect(JSON.stringify(await store.eventsAfter(roomId, 2, 10))).not.toContain("Advertising");
});
