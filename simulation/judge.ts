import { type Message, type RoomEvent, applyEvent, messageIdOf } from "@chat-widget/protocol";
import type { ChatStore } from "@chat-widget/server";
import type { History } from "./history.js";
import type { Tab } from "./tab.js";

/** Everything that is wrong at the end, in words; nothing when every promise was kept. */
export async function judge(store: ChatStore, roomIds: readonly string[], tabs: readonly Tab[], history: History): Promise<string[]> {
  const faults: string[] = [];
  for (const roomId of roomIds) {
    const read = await store.eventsAfter(roomId, 0, 1_000_000);
    if (read.kind !== "events") return [`${roomId}: the log was trimmed`];
    faults.push(...judgeLog(roomId, read.events, history), ...judgeScreens(roomId, read.events, tabs));
  }
  return faults;
}

function judgeLog(roomId: string, events: readonly RoomEvent[], history: History): string[] {
  const faults = events.flatMap(({ seq }, index) => (seq === index + 1 ? [] : [`${roomId}: the log has ${seq} at place ${index + 1}`]));
  const places = new Map<string, number[]>();
  const texts = new Map<string, string>();
  for (const event of events) {
    if (event.type !== "message.sent") continue;
    texts.set(event.id, event.text);
    places.set(event.id, [...(places.get(event.id) ?? []), event.seq]);
  }
  for (const [id, seqs] of places) if (seqs.length > 1) faults.push(`${roomId}: ${id} is in the log ${seqs.length} times`);
  const asked = new Set(history.sent.filter((one) => one.roomId === roomId).map(({ text }) => text));
  const stored = [...texts.values()].filter((text) => text !== "");
  if (new Set(stored).size !== stored.length) faults.push(`${roomId}: a text was stored twice`);
  for (const text of stored) if (!asked.has(text)) faults.push(`${roomId}: "${text}" was never asked for`);

  /** The highest place acknowledged before a moment, to be seen before whatever is asked later. */
  const answered = history.acknowledged.filter((one) => one.roomId === roomId);
  for (const { answer, text } of answered) {
    if (answer === undefined || !("message" in answer)) continue;
    const { id, seq } = answer.message;
    if (places.get(id)?.[0] !== seq) faults.push(`${roomId}: "${text}" was acknowledged at ${seq} and is at ${String(places.get(id))}`);
  }
  faults.push(...judgeTime(roomId, answered));
  return faults;
}

/** What was acknowledged before something else was asked comes before it. */
function judgeTime(roomId: string, answered: History["sent"]): string[] {
  const acks = answered.flatMap(({ answer, askedAt, text }) => (answer !== undefined && "message" in answer ? [{ at: answer.at, askedAt, seq: answer.message.seq, text }] : []));
  const byAnswer = acks.toSorted((a, b) => a.at - b.at);
  const faults: string[] = [];
  let next = 0;
  let highest = 0;
  for (const ask of acks.toSorted((a, b) => a.askedAt - b.askedAt)) {
    for (let ack = byAnswer[next]; ack !== undefined && ack.at < ask.askedAt; ack = byAnswer[++next]) highest = Math.max(highest, ack.seq);
    if (ask.seq < highest) faults.push(`${roomId}: "${ask.text}" is at ${ask.seq}, asked after ${highest} was acknowledged`);
  }
  return faults;
}

function judgeScreens(roomId: string, events: readonly RoomEvent[], tabs: readonly Tab[]): string[] {
  const folded = new Map<string, Message>();
  for (const event of events) {
    const message = applyEvent(folded.get(messageIdOf(event) ?? ""), event);
    if (message !== undefined) folded.set(message.id, message);
  }
  return tabs.flatMap((tab) => {
    const found = tab.rooms.get(roomId);
    if (found === undefined) return [];
    const { messages, hasOlder, phase } = found.room.getSnapshot();
    const faults = [...found.observer.faults];
    const name = `${tab.name} in ${roomId}`;
    if (phase !== "ready") faults.push(`${name}: is ${phase}`);
    const waiting = messages.filter(({ delivery }) => delivery.state === "pending");
    if (waiting.length > 0) faults.push(`${name}: ${waiting.length} are pending still`);
    const shown = messages.filter(({ delivery }) => delivery.state === "sent");
    const expected = [...folded.values()].sort((a, b) => a.seq - b.seq).slice(hasOlder ? -shown.length : 0);
    const [seen, due] = [shown, expected].map((list) => list.map(({ id, rev, text, deletedAt, reactions }) => JSON.stringify([id, rev, text, deletedAt !== undefined, reactions])));
    const wrong = due?.findIndex((line, index) => line !== seen?.[index]) ?? -1;
    if (wrong !== -1 || seen?.length !== due?.length) faults.push(`${name}: shows ${seen?.length} of ${due?.length} messages, ${seen?.[wrong]} instead of ${due?.[wrong]}`);
    return faults;
  });
}
