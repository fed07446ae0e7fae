import { describe, expect, it, vi } from "vitest";
import { defineEvents, type RoomEvent } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import * as z from "zod";
import { type TestClient, connect, refusalOf } from "../../test/test-client.js";
import { LogBook, startServer } from "../../test/test-server.js";
import { memoryStore } from "../stores/memory-store.js";

const events = defineEvents({
  "poll.opened": { data: z.strictObject({ question: z.string().max(40) }), durable: true, from: "server" },
  "poll.voted": { data: z.object({ option: z.int() }), durable: true },
  "cursor.moved": { data: z.object({ x: z.number() }), durable: false },
  "lamp.lit": { data: z.null(), durable: false, from: "server" },
});
const roomId = "lobby";
const bot = { id: "bot", name: "Bot" };

async function start(options: Parameters<typeof startServer<typeof events>>[0] = {}) {
  const { origin, chat } = await startServer({ events, ...options });
  const join = async (name: string): Promise<TestClient> => {
    const client = await connect(origin, { guestName: name });
    await client.ask("room:join", { roomId });
    return client;
  };
  return { chat, join };
}

const vote = (client: TestClient, data: unknown, { id = uuidv7(), name = "poll.voted" } = {}) => client.ask("event:publish", { roomId, id, name, data });

describe("a lasting event of the application", () => {
  it("is written once, told to everyone in the room, and read from the log by its name", async () => {
    const { chat, join } = await start();
    const [ann, bob] = [await join("Ann"), await join("Bob")];
    await chat.room(roomId).publish("poll.opened", { question: "Tea?" }, { author: bot });
    await ann.send(roomId, "between");
    const id = uuidv7();
    const { event } = await vote(ann, { option: 1 }, { id });
    expect(await vote(ann, { option: 1 }, { id })).toEqual({ event });
    expect(event).toMatchObject({ seq: 3, type: "event.published", name: "poll.voted", author: { name: "Ann" }, data: { option: 1 } });
    await bob.hears("room:events", ({ from }) => from === 3);
    expect(bob.events(roomId)).toMatchObject([{ data: { question: "Tea?" }, author: bot }, { text: "between" }, event ?? {}]);
    const read = async (name: string, place = {}) => (await bob.ask("event:read", { roomId, name, ...place })).events;
    expect(await read("poll.opened")).toMatchObject([{ seq: 1 }]);
    expect(await read("poll.voted", { after: 3 })).toEqual([]);
    expect((await refusalOf(vote(ann, { option: 2 }, { id }))).code).toBe("conflict");
    expect((await bob.ask("history:read", { roomId })).messages).toMatchObject([{ text: "between" }]);
  });

  it("travels in a batch with messages, in the order asked", async () => {
    const { join } = await start();
    const ann = await join("Ann");
    const said = (text: string) => ({ name: "message:send" as const, input: { roomId, id: uuidv7(), text } });
    const voted = (data: unknown) => ({ name: "event:publish" as const, input: { roomId, id: uuidv7(), name: "poll.voted", data } });
    const { results } = await ann.ask("room:write", { roomId, writes: [said("a"), voted({ option: 1 }), voted({ option: "one" }), said("b")] });
    expect(results).toMatchObject([{ data: { event: { seq: 1 } } }, { data: { event: { seq: 2 } } }, { ok: false, error: { code: "invalid", details: { issues: [expect.stringContaining("option: ")] } } }, { data: { event: { seq: 3 } } }]);
  });

  it.each([
    ["a name that was not defined", "poll.closed", { option: 1 }, "not-found"],
    ["a name that objects inherit", "constructor", { option: 1 }, "not-found"],
    ["a name that does not last", "cursor.moved", { x: 1 }, "not-found"],
    ["data that the schema does not take", "poll.voted", { option: 1.5 }, "invalid"],
    ["data that only the application publishes", "poll.opened", { question: "Tea?" }, "forbidden"],
  ])("is not taken with %s", async (_what, name, data, code) => {
    const { join } = await start();
    const ann = await join("Ann");
    expect((await refusalOf(vote(ann, data, { name }))).code).toBe(code);
    expect(ann.events(roomId)).toEqual([]);
  });

  it("is for the application to allow, by its name", async () => {
    const asked: (string | undefined)[] = [];
    const { join } = await start({
      authorize({ command, event }) {
        if (command.startsWith("event:")) asked.push(event);
        return command === "event:publish" ? event === "poll.opened" : undefined;
      },
    });
    const ann = await join("Ann");
    expect(await refusalOf(vote(ann, { option: 1 }))).toMatchObject({ code: "forbidden" });
    // What only the application publishes is not theirs, whoever may publish.
    expect(await refusalOf(vote(ann, { question: "Tea?" }, { name: "poll.opened" }))).toMatchObject({ code: "forbidden" });
    await ann.ask("event:read", { roomId, name: "poll.voted" });
    expect(asked).toEqual([undefined, "poll.voted", "poll.opened", "poll.voted"]);
  });

  it("waits for a schema that takes its time, and may be asked again when that fails", async () => {
    let isDown = true;
    const slow = { "~standard": { version: 1 as const, vendor: "test", validate: async (value: unknown) => (isDown ? Promise.reject(new Error("down")) : { value }) } };
    const log = new LogBook();
    const { origin, chat } = await startServer({ events: defineEvents({ "slow.event": { data: slow, durable: true } }), logger: log });
    const ann = await connect(origin);
    await ann.ask("room:join", { roomId });
    expect(await refusalOf(vote(ann, 1, { name: "slow.event" }))).toMatchObject({ code: "unavailable", retry: "same" });
    isDown = false;
    expect(await chat.room(roomId).publish("slow.event", [1], { author: bot })).toMatchObject({ seq: 1, data: [1] });
  });

  it("is given to the application as its schema reads it, page by page, and without what was forgotten", async () => {
    let now = 1_000;
    const clock = { now: () => now, setTimeout: (run: () => void, ms: number) => setTimeout(run, ms).unref(), clearTimeout: (timer: NodeJS.Timeout | number) => clearTimeout(timer) };
    const store = memoryStore();
    const dates = defineEvents({ "day.chosen": { data: z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() }), durable: true } });
    const { chat } = await startServer({ events: dates, store, clock });
    const room = chat.room(roomId);
    for (let day = 1; day <= 5; day += 1) {
      now = day * 1_000;
      await room.publish("day.chosen", `2026-01-0${day}T00:00:00Z`, { author: bot });
    }
    const days = async (place?: object) => {
      const { events, more } = await room.readEvents("day.chosen", place);
      return [events.map(({ data }) => data.getUTCDate()), more];
    };
    expect(await days()).toEqual([[1, 2, 3, 4, 5], false]);
    expect(await days({ limit: 2 })).toEqual([[4, 5], true]);
    expect(await days({ before: 4, limit: 2 })).toEqual([[2, 3], true]);
    expect(await days({ after: 1, limit: 2 })).toEqual([[2, 3], true]);
    while (!(await store.forget({ messages: 3_500, ids: 0 })).isDone);
    expect(await days()).toEqual([[4, 5], false]);
    expect(await store.records("published", { limit: 10 })).toHaveLength(2);
  });
});

describe("an event that is only true now", () => {
  it("reaches everyone in the room, of each user and name the last, and is not stored", async () => {
    const store = memoryStore();
    const { chat, join } = await start({ store });
    const [ann, bob] = [await join("Ann"), await join("Bob")];
    const asked = [1, 2, 3].map((x) => ann.ask("event:whisper", { roomId, name: "cursor.moved", data: { x } }));
    await Promise.all([...asked, chat.room(roomId).whisper("lamp.lit", null, { author: bot })]);
    await bob.hears("event:whispered", ({ whispers }) => whispers.some(({ data }) => JSON.stringify(data) === '{"x":3}'));
    await bob.hears("event:whispered", ({ whispers }) => whispers.some(({ name }) => name === "lamp.lit"));
    expect(bob.all("event:whispered").flatMap(({ whispers }) => whispers).filter(({ name }) => name === "cursor.moved").length).toBeLessThanOrEqual(3);
    expect(await store.heads([roomId])).toEqual([0]);
  });

  it.each([
    ["was not defined", "cursor.left", { x: 1 }, "not-found"],
    ["lasts", "poll.voted", { option: 1 }, "not-found"],
    ["its schema does not take", "cursor.moved", { x: "left" }, "invalid"],
    ["only the application whispers", "lamp.lit", null, "forbidden"],
  ])("is not taken when it is one that %s", async (_what, name, data, code) => {
    const { join } = await start();
    const ann = await join("Ann");
    expect((await refusalOf(ann.ask("event:whisper", { roomId, name, data }))).code).toBe(code);
  });

  it("is let fall when it is said too often, without an error", async () => {
    const { join } = await start({ rates: { whisper: { burst: 1, perSecond: 0.001 } } });
    const [ann, bob] = [await join("Ann"), await join("Bob")];
    for (const x of [1, 2]) await ann.ask("event:whisper", { roomId, name: "cursor.moved", data: { x } });
    await ann.send(roomId, "over");
    await bob.hears("room:events");
    await vi.waitFor(() => expect(bob.all("event:whispered").flatMap(({ whispers }) => whispers)).toMatchObject([{ data: { x: 1 } }]));
  });
});

it("refuses definitions that are mistaken, in a sentence", async () => {
  const of = (given: unknown) => startServer({ events: given as typeof events });
  await expect(of({ "poll opened": { data: z.null(), durable: true } })).rejects.toThrow(/name "poll opened".*a name is like/);
  await expect(of({ "poll.opened": { data: {}, durable: true } })).rejects.toThrow(/speaks Standard Schema/);
  await expect(of({ "poll.opened": { data: z.null() } })).rejects.toThrow(/durable: true/);
  await expect(of([])).rejects.toThrow(/`events` must be/);
});

it("tells onEvent of them", async () => {
  const told: RoomEvent[] = [];
  const { chat } = await start({ onEvent: (_roomId, event) => told.push(event) });
  await chat.room(roomId).publish("poll.voted", { option: 2 }, { author: bot });
  expect(told).toMatchObject([{ type: "event.published", data: { option: 2 } }]);
});
