import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { v7 as uuidv7 } from "uuid";
import { expect, it, onTestFinished } from "vitest";
import { memoryStore } from "../src/stores/memory-store.js";
import { sqliteStore } from "../src/stores/sqlite/sqlite-store.js";
import { ManualClock } from "./manual-clock.js";
import { startServer } from "./test-server.js";
import { WatchedStore } from "./watched-store.js";
import { WebhookReceiver, secret } from "./webhook-receiver.js";

const author = { id: "ann", name: "Ann" };
const numbers = (count: number, from = 1) => Array.from({ length: count }, (_, index) => `${from + index}`);

function databaseFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "webhooks-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "chat.db");
}

it("tells what happens in each room, in order, signed", async () => {
  const receiver = await WebhookReceiver.start();
  const { chat } = await startServer({ webhooks: [{ url: receiver.url, secret }] });
  const sent = await chat.room("lobby").send({ author, text: "hello" });
  await chat.room("garden").send({ author, text: "elsewhere" });
  await chat.room("lobby").edit(sent.id, { by: "ann", text: "hello!" });
  await chat.room("lobby").react(sent.id, { by: "bob", emoji: "👍" });
  await expect.poll(() => receiver.texts("lobby")).toEqual(["hello", "hello!", "reaction.added"]);
  await expect.poll(() => receiver.texts("garden")).toEqual(["elsewhere"]);
  await Promise.all(numbers(150).map((text) => chat.room("lobby").send({ author, text })));
  await expect.poll(() => receiver.texts("lobby").slice(3)).toEqual(numbers(150));
  const seqs = receiver.told.filter(({ roomId }) => roomId === "lobby").flatMap(({ events }) => events.map(({ seq }) => seq));
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
});

it("tells only what is asked for, and nothing from before there was a webhook", async () => {
  const filename = databaseFile();
  const before = await startServer({ store: sqliteStore({ filename }) });
  const { id } = await before.chat.room("lobby").send({ author, text: "old" });
  await before.chat.close();
  const receiver = await WebhookReceiver.start();
  const { chat } = await startServer({ store: sqliteStore({ filename }), webhooks: [{ url: receiver.url, secret, events: ["message.sent"] }] });
  await chat.room("lobby").react(id, { by: "bob", emoji: "👍" });
  await chat.room("lobby").send({ author, text: "new" });
  await expect.poll(() => receiver.texts("lobby")).toEqual(["new"]);
});

it("tells again what was not taken, under the same id, later and later, before anything newer", async () => {
  const [receiver, clock] = [await WebhookReceiver.start(), new ManualClock(Date.now())];
  receiver.isBroken = true;
  const { chat, log } = await startServer({ clock, random: () => 0.5, webhooks: [{ url: receiver.url, secret }] });
  await chat.room("lobby").send({ author, text: "1" });
  await expect.poll(() => receiver.refused).toHaveLength(1);
  await chat.room("lobby").send({ author, text: "2" });
  clock.advance(4_900);
  await chat.room("lobby").send({ author, text: "3" });
  expect(receiver.refused).toHaveLength(1);
  receiver.isBroken = false;
  await expect.poll(() => (clock.advance(1_000), receiver.texts("lobby"))).toEqual(["1", "2", "3"]);
  expect(log.messages("error").filter((line) => line.includes("webhook"))).toHaveLength(1);
});

it("gives the same stretch the same id when the answer was lost", async () => {
  const [receiver, clock] = [await WebhookReceiver.start(), new ManualClock(Date.now())];
  receiver.isBroken = true;
  const { chat } = await startServer({ clock, webhooks: [{ url: receiver.url, secret }] });
  await chat.room("lobby").send({ author, text: "1" });
  await expect.poll(() => (clock.advance(5_000), receiver.refused.length)).toBeGreaterThan(1);
  expect(new Set(receiver.refused).size).toBe(1);
});

it("goes on where the server before it stopped, which does not wait for a receiver that hangs", async () => {
  const [receiver, filename] = [await WebhookReceiver.start(), databaseFile()];
  let open = () => {};
  receiver.gate = new Promise((resolve) => (open = resolve));
  const webhooks = [{ url: receiver.url, secret }];
  const first = await startServer({ store: sqliteStore({ filename }), webhooks });
  for (const text of numbers(3)) await first.chat.room("lobby").send({ author, text });
  await first.chat.close({ drainMs: 100 });
  open();
  const later = await startServer({ store: sqliteStore({ filename }), webhooks });
  await later.chat.ready;
  await expect.poll(() => new Set(receiver.texts("lobby"))).toEqual(new Set(numbers(3)));
  expect(receiver.texts("lobby").slice(-3)).toEqual(numbers(3));
});

it("tells each event once though several servers share a store", async () => {
  const [receiver, shared] = [await WebhookReceiver.start(), new WatchedStore(memoryStore())];
  const webhooks = [{ url: receiver.url, secret }];
  const servers = await Promise.all([1, 2, 3].map(() => startServer({ store: shared.store, webhooks })));
  for (const [index, text] of numbers(60).entries()) await servers[index % 3]?.chat.room("lobby").send({ author, text });
  await expect.poll(() => receiver.texts("lobby").length, { timeout: 15_000 }).toBeGreaterThanOrEqual(60);
  expect(receiver.texts("lobby")).toEqual(numbers(60));
});

it("tells several webhooks, and one that is down holds up no other", async () => {
  const [good, bad] = [await WebhookReceiver.start(), await WebhookReceiver.start()];
  bad.isBroken = true;
  const { chat } = await startServer({ webhooks: [{ url: bad.url, secret }, { url: good.url, secret, name: "good" }] });
  await chat.room("lobby").send({ author, text: "hello", id: uuidv7() });
  await expect.poll(() => good.texts("lobby")).toEqual(["hello"]);
});

it.each([
  [{}, "must be a list"],
  [[{ url: "ftp://x", secret }], "http or https"],
  [[{ url: "https://www.example.com", secret: "short" }], "24 random bytes"],
  [[{ url: "https://www.example.com", secret, events: ["message.send"] }], "must be a list of message.sent"],
  [[{ url: "https://www.example.com", secret, header: 1 }], "no `header`"],
  [[{ url: "https://www.example.com", secret }, { url: "https://www.example.com", secret }], "two webhooks"],
])("refuses %j with a sentence", async (webhooks, sentence) => {
  // As JavaScript may give it.
  await expect(startServer({ webhooks: webhooks as never })).rejects.toThrow(sentence);
});
