import { defineEvents } from "@chat-widget/protocol";
import { expectTypeOf, it } from "vitest";
import * as z from "zod";
import type { ChatClient } from "../chat-client.js";

const events = defineEvents({
  "poll.opened": { data: z.object({ question: z.string(), at: z.string().transform((text) => new Date(text)) }), durable: true },
  "poll.closed": { data: z.null(), durable: true, from: "server" },
  "cursor.moved": { data: z.object({ x: z.number() }), durable: false },
});
declare const room: ReturnType<ChatClient<typeof events>["room"]>;

it("takes names and data that are defined, and no others", () => {
  const calls = () => [
    room.publish("poll.opened", { question: "Tea?", at: "now" }),
    room.whisper("cursor.moved", { x: 1 }),
    // @ts-expect-error there is no such event
    room.publish("poll.undone", {}),
    // @ts-expect-error it does not last
    room.publish("cursor.moved", { x: 1 }),
    // @ts-expect-error only the server publishes it
    room.publish("poll.closed", null),
    // @ts-expect-error it lasts
    room.whisper("poll.opened", { question: "Tea?", at: "now" }),
    // @ts-expect-error its data is other
    room.whisper("cursor.moved", { x: "left" }),
    // @ts-expect-error there is no such event
    room.on("poll.undone", () => {}),
    room.on("poll.opened", (data, from) => {
      expectTypeOf(data).toEqualTypeOf<{ question: string; at: Date }>();
      expectTypeOf(from.seq).toBeNumber();
    }),
    room.on("cursor.moved", (data, from) => {
      expectTypeOf(data).toEqualTypeOf<{ x: number }>();
      // @ts-expect-error what is not in the log has no place there
      expectTypeOf(from.seq).toBeNumber();
    }),
    room.readEvents("poll.closed"),
    // @ts-expect-error it is in no log
    room.readEvents("cursor.moved"),
  ];
  expectTypeOf(calls).toBeFunction();
});

it("has no names where none are defined", () => {
  expectTypeOf<Parameters<ReturnType<ChatClient["room"]>["publish"]>[0]>().toEqualTypeOf<never>();
  expectTypeOf<ChatClient<typeof events>>().toExtend<ChatClient>();
});
