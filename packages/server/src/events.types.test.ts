import { expectTypeOf, it } from "vitest";
import { defineEvents } from "@chat-widget/protocol";
import * as z from "zod";
import type { ChatServer } from "./chat-server.js";

const events = defineEvents({
  "poll.opened": { data: z.object({ question: z.string(), closesAt: z.string().transform(Number) }), durable: true, from: "server" },
  "cursor.moved": { data: z.object({ x: z.number() }), durable: false },
});
type Room = ReturnType<ChatServer<typeof events>["room"]>;
declare const room: Room;
const author = { id: "bot", name: "Bot" };

it("takes names and data that are defined, and no others", () => {
  const calls = () => [
    room.publish("poll.opened", { question: "Tea?", closesAt: "3" }, { author }),
    room.whisper("cursor.moved", { x: 1 }, { author }),
    // @ts-expect-error there is no such event
    room.publish("poll.closed", {}, { author }),
    // @ts-expect-error it does not last
    room.publish("cursor.moved", { x: 1 }, { author }),
    // @ts-expect-error it lasts
    room.whisper("poll.opened", { question: "Tea?", closesAt: "3" }, { author }),
    // @ts-expect-error its data is other
    room.publish("poll.opened", { question: 1, closesAt: "3" }, { author }),
  ];
  expectTypeOf(calls).toBeFunction();
  expectTypeOf<Awaited<ReturnType<typeof room.readEvents<"poll.opened">>>["events"][number]["data"]>().toEqualTypeOf<{ question: string; closesAt: number }>();
});

it("takes none where none are defined", () => {
  expectTypeOf<Parameters<ReturnType<ChatServer["room"]>["publish"]>[0]>().toEqualTypeOf<never>();
});
