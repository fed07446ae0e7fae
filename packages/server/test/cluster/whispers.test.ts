import { defineEvents } from "@chat-widget/protocol";
import { expect, it } from "vitest";
import * as z from "zod";
import { memoryStore } from "../../src/stores/memory-store.js";
import { connect } from "../test-client.js";
import { startServer } from "../test-server.js";
import { roomId } from "./cluster.js";
import { createMesh } from "./mesh.js";

const events = defineEvents({ "cursor.moved": { data: z.object({ x: z.number() }), durable: false }, "poll.opened": { data: z.string(), durable: true } });

it("reach those who have the room open on another node, as lasting events do", async () => {
  const adapter = createMesh();
  const store = memoryStore();
  const nodes = [await startServer({ events, store, adapter: adapter() }), await startServer({ events, store, adapter: adapter() })];
  const [ann, bob] = await Promise.all(nodes.map(({ origin }) => connect(origin)));
  if (ann === undefined || bob === undefined) throw new Error("nobody came");
  for (const client of [ann, bob]) await client.ask("room:join", { roomId });
  await ann.ask("event:whisper", { roomId, name: "cursor.moved", data: { x: 1 } });
  const { whispers } = await bob.hears("event:whispered");
  expect(whispers).toMatchObject([{ name: "cursor.moved", author: { id: ann.ready.user.id }, data: { x: 1 } }]);
  await nodes[1]?.chat.room(roomId).publish("poll.opened", "Tea?", { author: { id: "bot", name: "Bot" } });
  await ann.hears("room:events");
  expect(ann.events(roomId)).toMatchObject([{ type: "event.published", data: "Tea?" }]);
  expect((await ann.ask("event:read", { roomId, name: "poll.opened" })).events).toHaveLength(1);
});
