import { ChatError } from "@chat-widget/protocol";
import type { ChatStore } from "@chat-widget/server";
import type { Timers } from "./timers.js";
import type { World } from "./world.js";

/** What is wrong with the database at the moment. */
export interface StoreFaults {
  /** Nothing works. */
  isDown: boolean;
  /** Reading works, writing does not. */
  isFull: boolean;
  /** How often an append fails by itself, from 0 to 1. */
  failure: number;
}

/** One node's way to the database that all of them share: slow, and as broken as it is told to be. */
export function faultyStore(shared: ChatStore, world: World, timers: Timers, faults: StoreFaults): ChatStore {
  const fail = (what: string): never => {
    throw new ChatError("unavailable", `unable to ${what}; the database is broken for now`);
  };
  /** The way there and back takes time; a node that dies in between never hears the answer, whatever came of the question. */
  const slowly = async <T>(what: string, run: () => Promise<T>): Promise<T> => {
    await world.wait(world.between(0, 6));
    if (faults.isDown) fail(what);
    const answer = await run();
    await world.wait(world.between(0, 6));
    await new Promise<void>((resolve) => timers.do(resolve));
    return answer;
  };
  return {
    open: () => slowly("open", () => shared.open()),
    append: (roomId, appends) =>
      slowly("write", async () => {
        if (faults.isFull || world.chance(faults.failure)) fail("write");
        return shared.append(roomId, appends);
      }),
    heads: (roomIds) => slowly("read", () => shared.heads(roomIds)),
    eventsAfter: (...query) => slowly("read", () => shared.eventsAfter(...query)),
    eventsById: (...query) => slowly("read", () => shared.eventsById(...query)),
    messages: (...query) => slowly("read", () => shared.messages(...query)),
    messagesById: (...query) => slowly("read", () => shared.messagesById(...query)),
    search: (...query) => slowly("read", () => shared.search(...query)),
    receipts: (roomId) => slowly("read", () => shared.receipts(roomId)),
    moveReceipt: (...move) => slowly("write", () => shared.moveReceipt(...move)),
    reading: (...query) => slowly("read", () => shared.reading(...query)),
    receiptsOf: (...query) => slowly("read", () => shared.receiptsOf(...query)),
    forgetReader: (...call) => slowly("write", () => shared.forgetReader(...call)),
    allEvents: (...query) => slowly("read", () => shared.allEvents(...query)),
    redact: (...call) => slowly("write", () => shared.redact(...call)),
    records: (...query) => slowly("read", () => shared.records(...query)),
    writeRecords: (writes) =>
      slowly("write", async () => {
        if (faults.isFull || world.chance(faults.failure)) fail("write");
        return shared.writeRecords(writes);
      }),
    forget: (horizon) => slowly("write", () => shared.forget(horizon)),
    close: async () => undefined,
  };
}
