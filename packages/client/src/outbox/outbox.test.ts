import { ChatError, type CommandOutput, type ErrorCode, type RoomEvent, type Write } from "@chat-widget/protocol";
import { beforeEach, describe, expect, it } from "vitest";
import { ManualClock, settle } from "../../test/manual-clock.js";
import { SharedStorage } from "../../test/shared-storage.js";
import { memoryStorage, type ClientStorage } from "../storage/client-storage.js";
import { OutboxShelf } from "./outbox-shelf.js";
import { idOf } from "./outbox-item.js";
import { Outbox } from "./outbox.js";

type Results = CommandOutput<"room:write">["results"];

let clock: ManualClock;
let outbox: Outbox;
let storage: ClientStorage;
let told: RoomEvent[];
/** What was sent, and how to answer. */
let sent: { texts: string[]; ids: string[]; answer(results: Results): void; fail(error: ChatError): void }[];

function textOf(write: Write): string {
  return "text" in write.input ? write.input.text : write.name;
}

function make(): Outbox {
  return new Outbox({
    roomId: "lobby",
    clock,
    random: () => 1,
    limits: () => ({ batchSize: 3, packetBytes: 2_000 }),
    send: (writes) =>
      new Promise((resolve, reject) => {
        sent.push({ texts: writes.map(textOf), ids: writes.map(({ input }) => input.id), answer: (results) => resolve({ results }), fail: reject });
      }),
    onEvent: (event) => told.push(event),
    onChange: () => {},
  });
}

beforeEach(() => {
  clock = new ManualClock();
  storage = memoryStorage();
  told = [];
  sent = [];
  outbox = make();
});

const ask = (text: string) => outbox.ask({ name: "message:send", input: { text } });
const shelf = (userId = "ann") => new OutboxShelf(storage, "server", userId, "lobby");
const waiting = (box = outbox) => box.items.map(({ write }) => textOf(write));

let seq = 0;
function ok(id: string): Results[number] {
  seq += 1;
  return { ok: true, data: { event: { type: "message.sent", id, seq, at: 1, author: { id: "ann", name: "Ann" }, text: "" } } };
}
function refused(code: ErrorCode): Results[number] {
  return { ok: false, error: new ChatError(code, "unable to").toJSON() };
}
const answerAll = (batch = sent.at(-1)) => batch?.answer(batch.ids.map(ok));

describe("sending", () => {
  it("sends nothing before the room is open", async () => {
    ask("one");
    await settle();
    expect(sent).toEqual([]);
    outbox.open();
    expect(sent.map(({ texts }) => texts)).toEqual([["one"]]);
  });

  it("has one batch on its way, and sends what gathered meanwhile in the next", async () => {
    outbox.open();
    for (const text of ["one", "two", "three", "four", "five"]) ask(text);
    expect(sent.map(({ texts }) => texts)).toEqual([["one"]]);
    answerAll();
    await settle();
    expect(sent.at(-1)?.texts).toEqual(["two", "three", "four"]);
    answerAll();
    await settle();
    expect(sent.at(-1)?.texts).toEqual(["five"]);
  });

  it("puts no more into a batch than fits into a packet", async () => {
    for (const letter of ["a", "b", "c"]) ask(letter.repeat(600));
    outbox.open();
    expect(sent[0]?.texts.map((text) => text[0])).toEqual(["a", "b"].slice(0, sent[0]?.texts.length));
    expect(sent[0]?.texts.length).toBeLessThan(3);
  });

  it("resolves with the event, tells of it, and keeps the item until the log has it", async () => {
    outbox.open();
    const { id, done } = ask("one");
    answerAll();
    const event = await done;
    expect(told).toEqual([event]);
    expect(waiting()).toEqual(["one"]);
    outbox.told([[id, undefined]], event?.seq ?? 0);
    expect(waiting()).toEqual([]);
  });

  it("takes an event from another tab for its own", async () => {
    const { id, done } = ask("one");
    outbox.told([[id, undefined]], 1);
    await expect(done).resolves.toBeUndefined();
    expect(waiting()).toEqual([]);
  });
});

describe("asking again", () => {
  it("uses the same ids, in the same order, after a lost connection", async () => {
    outbox.open();
    ask("one");
    ask("two");
    const first = sent[0]?.ids;
    outbox.shut();
    sent[0]?.fail(new ChatError("timeout", "unable to know"));
    await settle();
    expect(sent).toHaveLength(1);
    outbox.open();
    expect(sent[1]?.texts).toEqual(["one", "two"]);
    expect(sent[1]?.ids[0]).toBe(first?.[0]);
  });

  it("waits, and longer each time, when the server cannot for now", async () => {
    outbox.open();
    ask("one");
    for (const wait of [300, 600, 1_200]) {
      const attempts = sent.length;
      sent.at(-1)?.answer([refused("unavailable")]);
      await clock.pass(wait - 1);
      expect(sent).toHaveLength(attempts);
      await clock.pass(1);
      expect(sent).toHaveLength(attempts + 1);
    }
  });

  it("goes on behind what was aborted in order", async () => {
    for (const text of ["one", "two", "three"]) ask(text);
    outbox.open();
    const [first, , third] = sent[0]?.ids ?? [];
    sent[0]?.answer([ok(first ?? ""), refused("unavailable"), refused("aborted")]);
    await clock.pass(1_000);
    expect(sent[1]?.texts).toEqual(["two", "three"]);
    expect(sent[1]?.ids[1]).toBe(third);
  });

  it("finds what keeps breaking the connection, lets the rest through in order, and breaks no more than it must", async () => {
    const texts = ["one", "two", "poison", "three", "four"];
    for (const text of texts) ask(text);
    let breaks = 0;
    const done: string[] = [];
    for (let round = 0; round < 40 && outbox.items.some(({ error, event }) => error === undefined && event === undefined); round++) {
      outbox.open();
      await settle();
      const batch = sent.at(-1);
      if (batch?.texts.includes("poison")) {
        breaks += 1;
        outbox.shut();
        batch.fail(new ChatError("timeout", "unable to know"));
      } else {
        done.push(...(batch?.texts ?? []));
        answerAll(batch);
      }
      await clock.pass(11_000);
    }
    expect(outbox.items.map(({ write, error }) => [textOf(write), error?.code])).toEqual(texts.map((text) => [text, text === "poison" ? "undeliverable" : undefined]));
    expect([breaks, done]).toEqual([6, ["one", "two", "three", "four"]]);
  });

  it("still suspects after a reload what broke the connection before it", async () => {
    await outbox.restore(shelf(), "none");
    for (const text of ["one", "two"]) ask(text);
    for (let round = 0; round < 3; round++) {
      outbox.open();
      outbox.shut();
      sent.at(-1)?.fail(new ChatError("timeout", "unable to know"));
      await settle();
    }
    const again = make();
    await again.restore(shelf(), "none");
    again.open();
    expect(sent.at(-1)?.texts).toEqual(["one"]);
  });
});

describe("failing", () => {
  it("shows what was refused for good, and goes on", async () => {
    const { done } = ask("bad");
    ask("good");
    outbox.open();
    sent[0]?.answer([refused("forbidden"), ok(sent[0].ids[1] ?? "")]);
    await expect(done).rejects.toMatchObject({ code: "forbidden" });
    expect(outbox.items.map(({ error }) => error?.code)).toEqual(["forbidden", undefined]);
    await settle();
    expect(sent).toHaveLength(1);
  });

  it("asks a failed message again at the end, with its own id, for the server may have it after all", async () => {
    const { id, done } = ask("again");
    outbox.open();
    sent[0]?.answer([refused("forbidden")]);
    await expect(done).rejects.toThrow("unable to");
    const other = ask("other");
    outbox.retry(id);
    expect(outbox.items.map((item) => [idOf(item), item.error])).toEqual([[other.id, undefined], [id, undefined]]);
    expect(sent[1]?.ids).toEqual([other.id]);
    sent[1]?.answer([ok(other.id)]);
    await settle();
    expect(sent[2]?.ids).toEqual([id]);
  });

  it("forgets a failed message when told to, and never one that is on its way", async () => {
    const { id, done } = ask("bad");
    outbox.discard(id);
    expect(waiting()).toEqual(["bad"]);
    outbox.open();
    sent[0]?.answer([refused("forbidden")]);
    await expect(done).rejects.toThrow("unable to");
    outbox.discard(id);
    expect(waiting()).toEqual([]);
  });

  it("lets a refused change fall away", async () => {
    const { done } = outbox.ask({ name: "message:delete", input: { messageId: "m" } });
    outbox.open();
    sent[0]?.answer([refused("forbidden")]);
    await expect(done).rejects.toMatchObject({ code: "forbidden" });
    expect(outbox.items).toEqual([]);
  });

  it("sends one by one what was refused as a whole", async () => {
    for (const text of ["one", "two"]) ask(text);
    outbox.open();
    sent[0]?.fail(new ChatError("too-large", "unable to"));
    await settle();
    expect(sent[1]?.texts).toEqual(["one"]);
  });

  it("does not send what was written more than seven days ago", async () => {
    const { done } = ask("old");
    await clock.pass(8 * 24 * 3_600_000);
    outbox.open();
    await expect(done).rejects.toMatchObject({ code: "undeliverable" });
    expect(sent).toEqual([]);
  });
});

describe("keeping", () => {
  it("has after a reload what was not told, in order, with what failed", async () => {
    await outbox.restore(shelf(), "none");
    const { done } = ask("bad");
    for (const text of ["one", "two"]) ask(text);
    outbox.open();
    sent[0]?.answer([refused("forbidden"), ok(sent[0].ids[1] ?? "")]);
    await expect(done).rejects.toThrow("unable to");
    await settle();
    const again = make();
    await again.restore(shelf(), "none");
    expect(again.items.map(({ write, error }) => [textOf(write), error?.code])).toEqual([
      ["bad", "forbidden"],
      ["two", undefined],
    ]);
    again.open();
    expect(sent.at(-1)?.texts).toEqual(["two"]);
  });

  it("takes over what was asked before the user was known", async () => {
    ask("early");
    await outbox.restore(shelf(), "none");
    const again = make();
    await again.restore(shelf(), "none");
    expect(waiting(again)).toEqual(["early"]);
  });

  it("never sends for one user what another wrote", async () => {
    await outbox.restore(shelf("ann"), "none");
    ask("ann's");
    await outbox.restore(shelf("bob"), "none");
    outbox.open();
    await settle();
    expect(sent).toEqual([]);
    await outbox.restore(shelf("ann"), "none");
    await settle();
    expect(sent.map(({ texts }) => texts)).toEqual([["ann's"]]);
  });

  it("moves with a guest whom the server gave a new identity", async () => {
    await outbox.restore(shelf("guest:1"), "none");
    ask("mine");
    await outbox.restore(shelf("guest:2"), "all");
    const [old, current] = [make(), make()];
    await old.restore(shelf("guest:1"), "none");
    await current.restore(shelf("guest:2"), "none");
    expect([waiting(old), waiting(current)]).toEqual([[], ["mine"]]);
  });

  it("leaves out what is no command", async () => {
    await storage.set(`${shelf().key}x`, { write: { name: "message:send", input: {} }, askedAt: 1 });
    await storage.set(`${shelf().key}y`, "nonsense");
    await outbox.restore(shelf(), "none");
    expect(outbox.items).toEqual([]);
  });
});

describe("a room that is closed to us", () => {
  it("lets what waits fail with the reason, what is found on the shelf later included", async () => {
    const { done } = ask("early");
    const before = make();
    await before.restore(shelf(), "none");
    before.ask({ name: "message:send", input: { text: "of the last page" } });
    outbox.refuse(new ChatError("forbidden", "unable to join"));
    await expect(done).rejects.toMatchObject({ code: "forbidden" });
    await outbox.restore(shelf(), "none");
    expect(outbox.items.map(({ write, error }) => [textOf(write), error?.code])).toEqual([
      ["early", "forbidden"],
      ["of the last page", "forbidden"],
    ]);
  });

  it("sends again what is asked once it is open", async () => {
    const { id } = ask("again");
    outbox.refuse(new ChatError("forbidden", "unable to join"));
    outbox.retry(id);
    expect(outbox.items.map(({ error }) => error)).toEqual([undefined]);
    outbox.open();
    expect(sent.map(({ texts }) => texts)).toEqual([["again"]]);
  });

  it("believes an answer that comes after all", async () => {
    const { id } = ask("one");
    outbox.open();
    outbox.refuse(new ChatError("forbidden", "unable to read"));
    expect(outbox.items[0]?.error?.code).toBe("forbidden");
    answerAll();
    await settle();
    expect(outbox.items).toMatchObject([{ event: { id } }]);
    expect(outbox.items[0]?.error).toBeUndefined();
  });
});

it("takes no more than a thousand commands, or two million characters", () => {
  for (let n = 0; n < 999; n++) ask("x");
  expect(outbox.isFull).toBe(false);
  ask("x");
  expect(outbox.isFull).toBe(true);
  const another = make();
  another.ask({ name: "message:send", input: { text: "x".repeat(2_000_000) } });
  expect(another.isFull).toBe(true);
});

it("tells who waits when somebody else sits here now", async () => {
  await outbox.restore(shelf("ann"), "none");
  const { done } = ask("ann's");
  await outbox.restore(shelf("bob"), "none");
  await expect(done).rejects.toMatchObject({ code: "unavailable" });
});

describe("two pages with one storage", () => {
  let pages: SharedStorage;
  let other: Outbox;
  beforeEach(async () => {
    pages = new SharedStorage(clock);
    other = make();
    for (const box of [outbox, other]) await box.restore(new OutboxShelf(pages.page(), "server", "ann", "lobby"), "none");
    await settle();
  });
  const states = (box: Outbox) => box.items.map(({ write, error, event }) => [textOf(write), error?.code ?? (event && "done")]);

  it("send each message once when both could, and each what it was asked", async () => {
    outbox.open();
    other.open();
    ask("mine");
    await settle();
    answerAll();
    await settle();
    other.told((sent[0]?.ids ?? []).map((id) => [id, undefined]), 1);
    await clock.pass(60_000);
    other.ask({ name: "message:send", input: { text: "the other's" } });
    await settle();
    expect(sent.map(({ texts }) => texts)).toEqual([["mine"], ["the other's"]]);
  });

  it("take turns, so that one sends while the other waits for an answer", async () => {
    outbox.open();
    other.open();
    ask("mine");
    other.ask({ name: "message:send", input: { text: "the other's" } });
    await settle();
    expect(sent.map(({ texts }) => texts)).toEqual([["mine"]]);
    answerAll();
    await settle();
    expect(sent.map(({ texts }) => texts)).toEqual([["mine"], ["the other's"]]);
  });

  it("send what a page left that is gone, under the id it had", async () => {
    other.open();
    const { id } = ask("orphan");
    await settle();
    outbox.close("the page is gone");
    expect(waiting(other)).toEqual([]);
    await clock.pass(500);
    expect(sent.map(({ ids }) => ids)).toEqual([[id]]);
  });

  it("find what was left while they could not hear, when they come back", async () => {
    const deaf = make();
    await deaf.restore(new OutboxShelf(pages.values, "server", "ann", "lobby"), "none");
    ask("orphan");
    outbox.close("the page is gone");
    deaf.open();
    await settle();
    expect(sent.map(({ texts }) => texts)).toEqual([["orphan"]]);
  });

  it("both show a failure, and what is done about it in one is done in the other", async () => {
    outbox.open();
    const [discarded, retried] = [ask("discarded"), ask("retried")];
    await settle();
    sent[0]?.answer([refused("forbidden"), refused("forbidden")]);
    await clock.pass(500);
    expect(states(other)).toEqual([["discarded", "forbidden"], ["retried", "forbidden"]]);
    other.open();
    outbox.discard(discarded.id);
    outbox.retry(retried.id);
    await settle();
    answerAll();
    await clock.pass(500);
    expect(states(other)).toEqual([]);
    other.retry(retried.id);
    other.discard(discarded.id);
    await clock.pass(500);
    expect(sent.filter(({ texts }) => texts.includes("retried"))).toHaveLength(2);
    expect(states(outbox)).toEqual([["retried", "done"]]);
  });
});

it("keeps nothing of a failure when the log told meanwhile that it is done", async () => {
  await outbox.restore(shelf(), "none");
  const { id } = ask("one");
  outbox.open();
  outbox.told([[id, undefined]], 1);
  sent[0]?.answer([refused("forbidden")]);
  await settle();
  expect([outbox.items, await shelf().load()]).toEqual([[], []]);
});
