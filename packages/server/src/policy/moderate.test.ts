import { ChatError } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import { expect, it } from "vitest";
import { connect, refusalOf } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";
import type { Moderate, ModerateRequest } from "./moderate.js";

const roomId = "lobby";

async function start(moderate: Moderate) {
  const { origin, chat, log } = await startServer({ moderate, limits: { textBytes: 100 } });
  const [ann, bob] = [await connect(origin), await connect(origin)];
  for (const client of [ann, bob]) await client.ask("room:join", { roomId });
  return { ann, bob, chat, log };
}

const texts = (chat: Awaited<ReturnType<typeof start>>["chat"]) => chat.room(roomId).messages().then(({ messages }) => messages.map(({ text }) => text));

it("lets through, changes or refuses what users write, for everybody and before it is stored", async () => {
  const { ann, bob, chat } = await start(({ text }) => {
    if (text.includes("spam")) return { refuse: "No advertising, please." };
    return text.includes("damn") ? { text: text.replaceAll("damn", "****") } : undefined;
  });
  await ann.send(roomId, "hello");
  const id = uuidv7();
  expect(await ann.send(roomId, "damn it", id)).toMatchObject({ text: "**** it" });
  expect(await ann.send(roomId, "damn it", id)).toMatchObject({ seq: 2, text: "**** it" });
  const refusal = { code: "refused", retry: "no", details: { reason: "No advertising, please." } };
  expect(await refusalOf(ann.send(roomId, "spam"))).toMatchObject(refusal);
  expect(await refusalOf(ann.ask("message:edit", { roomId, id: uuidv7(), messageId: id, text: "spam" }))).toMatchObject(refusal);
  await ann.ask("message:edit", { roomId, id: uuidv7(), messageId: id, text: "damn!" });
  expect(await ann.ask("room:write", { roomId, writes: [1, 2].map((n) => ({ name: "message:send", input: { roomId, id: uuidv7(), text: n === 1 ? "spam" : "and on" } })) })).toMatchObject({
    results: [{ ok: false, error: { code: "refused" } }, { ok: true }],
  });
  await bob.hears("room:events", ({ events }) => events.at(-1)?.seq === 4);
  expect(JSON.stringify(bob.heard)).not.toMatch(/damn|spam/);
  expect(await texts(chat)).toEqual(["hello", "****!", "and on"]);
});

it("is told who writes what and where, and of an edit what it is of", async () => {
  const asked: ModerateRequest[] = [];
  const { ann, chat } = await start((request) => {
    asked.push(structuredClone(request));
    if (request.message !== undefined) request.message.text = "changed by the rules";
    return undefined;
  });
  const { id } = await ann.send(roomId, "one");
  await ann.ask("message:edit", { roomId, id: uuidv7(), messageId: id, text: "two" });
  await chat.room(roomId).send({ author: { id: "bot", name: "Bot" }, text: "of the application itself" });
  const { id: userId } = ann.ready.user;
  expect(asked).toMatchObject([
    { user: { id: userId, roles: ["guest"] }, roomId, command: "message:send", text: "one" },
    { user: { id: userId }, roomId, command: "message:edit", text: "two", message: { id, text: "one" } },
  ]);
  expect(await texts(chat)).toEqual(["two", "of the application itself"]);
});

it.each<[string, () => unknown, object]>([
  ["throws", () => { throw new Error("the filter is down"); }, { code: "unavailable", retry: "same" }],
  ["throws a ChatError", () => { throw new ChatError("rate-limited", "unable to write; slow down", { retryAfterMs: 5_000 }); }, { code: "rate-limited", retryAfterMs: 5_000 }],
  ["rejects", () => Promise.reject(new Error("the filter is down")), { code: "unavailable" }],
  ["gives something else", () => true, { code: "unavailable" }],
  ["gives no text", () => ({ text: " " }), { code: "unavailable" }],
  ["gives too long a text", () => ({ text: "x".repeat(101) }), { code: "too-large" }],
  ["gives a reason of any length", () => ({ refuse: "x".repeat(10_000) }), { code: "refused", details: { reason: "x".repeat(500) } }],
])("stores nothing when the application %s", async (_, moderate, refusal) => {
  // An application in JavaScript may give anything.
  const untyped: { moderate: Moderate } = { moderate: () => undefined };
  Reflect.set(untyped, "moderate", moderate);
  const { ann, chat } = await start(untyped.moderate);
  expect(await refusalOf(ann.send(roomId, "hello"))).toMatchObject(refusal);
  expect(await texts(chat)).toEqual([]);
});
