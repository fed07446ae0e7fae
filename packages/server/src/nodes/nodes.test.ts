import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { LogBook } from "../../test/test-server.js";
import type { NodeMessage } from "./node-message.js";
import { Nodes } from "./nodes.js";

const at = 1_800_000_000_000;
const id = "019a0000-0000-7000-8000-000000000001";
const event = (seq: number) => ({ seq, id, at, type: "message.sent", author: { id: "ann", name: "Ann" }, text: "x" }) as const;
const events = (...seqs: number[]): NodeMessage => ({ kind: "events", roomId: "lobby", events: seqs.map(event) });

/** One node; what it sends is kept, and what others send is put in by hand. */
function makeNode() {
  const clock = new ManualClock();
  const logger = new LogBook();
  const sent: { number: number; nodeId: string; messages: unknown[] }[] = [];
  const heard: [string, NodeMessage][] = [];
  const lost: string[] = [];
  let receive = (_raw: unknown): void => undefined;
  let missed = 0;
  const wire = {
    isBroken: false,
    send(envelope: (typeof sent)[number]) {
      if (this.isBroken) throw new Error("no broker");
      sent.push(envelope);
    },
    listen: (listener: (raw: unknown) => void) => void (receive = listener),
    close: () => undefined,
  };
  const nodes = new Nodes({ wire, epoch: "e", clock, random: () => 0.5, logger });
  nodes.start({
    hear: (nodeId, message) => void heard.push([nodeId, message]),
    lost: (nodeId) => void lost.push(nodeId),
    missed: () => void (missed += 1),
    openRooms: () => [["lobby", 7]],
  });
  const say = (number: number, ...messages: unknown[]) => receive({ version: 1, nodeId: "other", number, epoch: "e", messages });
  const takeSent = async () => {
    await nextTurn();
    return sent.splice(0).flatMap(({ messages }) => messages);
  };
  return { nodes, clock, logger, wire, sent, heard, lost, say, takeSent, receive: (raw: unknown) => receive(raw), missed: () => missed };
}

it("sends what is said in one turn together, numbered", async () => {
  const { nodes, sent } = makeNode();
  nodes.tell(events(1));
  nodes.tell(events(2));
  await nextTurn();
  nodes.tell(events(3));
  await nextTurn();
  expect(sent).toMatchObject([
    { number: 1, messages: [{ kind: "probe", rooms: [["lobby", 7]] }, { events: [{ seq: 1 }] }, { events: [{ seq: 2 }] }] },
    { number: 2, messages: [{ events: [{ seq: 3 }] }] },
  ]);
});

it("hears what it understands and ignores the rest", () => {
  const { heard, say, receive, logger } = makeNode();
  const ofNewerNode = { seq: 3, type: "poll.opened", question: "?" };
  say(1, events(1), { kind: "unheard-of" }, { kind: "events", roomId: "lobby", events: [{ ...event(2), text: 5 }] }, { kind: "events", roomId: "lobby", events: [ofNewerNode] });
  expect(heard).toEqual([
    ["other", events(1)],
    ["other", { kind: "events", roomId: "lobby", events: [ofNewerNode] }],
  ]);
  for (const raw of [undefined, 5, {}, { version: 2, nodeId: "other", number: 2, epoch: "e", messages: [] }]) receive(raw);
  expect(heard).toHaveLength(2);
  expect(logger.messages("warn")).toEqual(["ignored what another node said; it speaks another version"]);
});

it("does not mix with a chat of another store, and says so once", () => {
  const { heard, receive, nodes, logger } = makeNode();
  for (const number of [1, 2, 3]) receive({ version: 1, nodeId: "stranger", number, epoch: "another", messages: [events(number)] });
  expect(heard).toEqual([]);
  expect(nodes.status()).toEqual({ bus: "alone", otherNodes: 0, lostPackets: 0 });
  expect(logger.messages("warn")).toEqual([expect.stringContaining("must share theirs")]);
});

it("does without a way that is broken, and says so once a minute", async () => {
  const { nodes, wire, clock, logger } = makeNode();
  wire.isBroken = true;
  for (let n = 1; n <= 200; n++) {
    nodes.tell(events(n));
    await nextTurn();
    clock.advance(500);
  }
  expect(logger.messages("warn")).toHaveLength(2);
});

it("notices that a packet of another was lost", () => {
  const { nodes, say, missed } = makeNode();
  say(7);
  say(8);
  expect(missed()).toBe(0);
  say(11);
  expect(missed()).toBe(1);
  say(10);
  expect(missed()).toBe(1);
  expect(nodes.status()).toEqual({ bus: "live", otherNodes: 1, lostPackets: 2 });
});

it("takes the way for broken when all others are silent, asks the store more often, and says little", async () => {
  const { nodes, clock, say, logger, lost, takeSent } = makeNode();
  say(1);
  expect(nodes.pollMs()).toBe(5_000);
  clock.advance(20_000);
  expect(nodes.status()).toMatchObject({ bus: "silent", otherNodes: 0 });
  expect(lost).toEqual(["other"]);
  expect(nodes.pollMs()).toBe(500);
  expect(logger.messages("warn")).toEqual([expect.stringContaining("no other node is heard any more")]);

  await takeSent();
  for (let n = 1; n <= 100; n++) nodes.tell(events(n));
  nodes.tell({ kind: "typing", roomId: "lobby", users: [], count: 0 });
  nodes.tell({ kind: "disconnect", userId: "bob" });
  expect(await takeSent()).toEqual([]);
  clock.advance(500);
  const said = await takeSent();
  expect(said).toContainEqual({ kind: "heads", heads: [{ roomId: "lobby", seq: 100 }] });
  expect(said).toContainEqual({ kind: "disconnect", userId: "bob" });
  expect(JSON.stringify(said)).not.toMatch(/typing|events/);

  say(9);
  expect(nodes.status()).toMatchObject({ bus: "live", otherNodes: 1 });
  expect(logger.messages("info")).toHaveLength(1);
  nodes.tell(events(101));
  expect(await takeSent()).toEqual([events(101)]);
});

it("believes in one that is silent while another is heard no longer than its lease", () => {
  const { nodes, clock, say, receive, lost } = makeNode();
  say(1);
  for (let number = 1; number <= 5; number++) {
    receive({ version: 1, nodeId: "third", number, epoch: "e", messages: [] });
    clock.advance(5_000);
  }
  expect(lost).toEqual(["other"]);
  expect(nodes.status()).toMatchObject({ bus: "live", otherNodes: 1 });
});

it("gives up on those who do not come back within an hour", () => {
  const { nodes, clock, say } = makeNode();
  say(1);
  clock.advance(3_000_000);
  expect(nodes.status().bus).toBe("silent");
  clock.advance(700_000);
  expect(nodes.status().bus).toBe("alone");
});

it("answers only what it is asked itself", async () => {
  const { heard, say, sent } = makeNode();
  await nextTurn();
  const [{ nodeId = "" } = {}] = sent;
  for (const of of [nodeId, "third"]) say(1, { kind: "people-wanted", roomIds: ["lobby"], of });
  expect(heard).toHaveLength(1);
});

it("knows no others without an adapter", () => {
  const nodes = new Nodes({ wire: undefined, epoch: "e", clock: new ManualClock(), random: () => 0.5, logger: new LogBook() });
  nodes.tell(events(1));
  expect(nodes.status()).toEqual({ bus: "none", otherNodes: 0, lostPackets: 0 });
  expect(nodes.pollMs()).toBe(8_000);
});
