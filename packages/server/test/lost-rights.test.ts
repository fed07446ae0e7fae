import { expect, it, vi } from "vitest";
import { v7 as uuidv7 } from "uuid";
import type { ChatServerOptions } from "../src/options.js";
import { ManualClock } from "./manual-clock.js";
import { type TestClient, connect, refusalOf } from "./test-client.js";
import { startServer } from "./test-server.js";

const roomId = "lobby";

/** Ann and Bob in a room that Bob may be banned from. */
async function startBannable(options: ChatServerOptions = {}) {
  const banned = new Set<string>();
  const server = await startServer({ authorize: ({ user }) => (banned.has(user.name) ? false : undefined), ...options });
  const [ann, bob] = [await connect(server.origin, { guestName: "Ann" }), await connect(server.origin, { guestName: "Bob" })];
  for (const client of [ann, bob]) await client.ask("room:join", { roomId });
  return { ...server, ann, bob, ban: () => void banned.add("Bob") };
}

it.each<[string, (bob: TestClient) => Promise<unknown>]>([
  ["joins again", (bob) => bob.ask("room:join", { roomId })],
  ["writes", (bob) => bob.send(roomId, "let me in")],
  ["says that they type", (bob) => bob.ask("typing:set", { roomId, isTyping: true })],
])("tells a banned user nothing more of the room when they %s", async (_what, ask) => {
  const { ann, bob, ban } = await startBannable();
  ban();
  expect(await refusalOf(ask(bob))).toMatchObject({ code: "forbidden", retry: "no" });
  await ann.send(roomId, "behind his back");
  await ann.hears("room:events");
  expect((await ann.ask("room:join", { roomId })).presence.count).toBe(1);
  expect(bob.events(roomId)).toEqual([]);
  expect(bob.socket.connected).toBe(true);
});

it("lets a user who may read and not write go on reading", async () => {
  const { origin } = await startServer({ authorize: ({ command }) => (command === "message:send" ? false : undefined) });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  const write = { name: "message:send", input: { roomId, id: uuidv7(), text: "muted" } } as const;
  expect((await ann.ask("room:write", { roomId, writes: [write] })).results).toMatchObject([{ ok: false, error: { code: "forbidden" } }]);
  await ann.ask("history:read", { roomId });
});

it("puts a banned user who only listens out of the room within a minute, and tells them", async () => {
  const clock = new ManualClock();
  const { ann, bob, ban } = await startBannable({ clock });
  clock.advance(60_000);
  await bob.ask("history:read", { roomId });
  ban();
  clock.advance(60_000);
  await bob.hears("room:permissions", ({ permissions }) => permissions.length === 0);
  await ann.send(roomId, "behind his back");
  await ann.hears("room:events");
  expect(bob.events(roomId)).toEqual([]);
  expect(bob.socket.connected).toBe(true);
  expect(ann.all("room:permissions")).toEqual([]);
});

it("leaves whoever has a room open in it while the rules cannot say", async () => {
  const clock = new ManualClock();
  const asked = vi.fn();
  let isDown = false;
  const { origin } = await startServer({
    clock,
    authorize: () => {
      if (!isDown) return undefined;
      asked();
      throw new Error("the database of rules is down");
    },
  });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  isDown = true;
  clock.advance(60_000);
  await vi.waitFor(() => expect(asked).toHaveBeenCalled());
  isDown = false;
  await ann.ask("history:read", { roomId });
});

it("disconnects also who was just being asked who they are", async () => {
  let answer = (): void => undefined;
  const authenticate = vi.fn(async ({ token = "" }) => {
    if (authenticate.mock.calls.length === 1) await new Promise<void>((resolve) => (answer = resolve));
    return { id: token, name: token };
  });
  const { origin, chat } = await startServer({ guests: false, authenticate });
  const connecting = connect(origin, { token: "ann" });
  connecting.catch(() => undefined);
  const isAdmitted = vi.fn();
  connecting.then(isAdmitted, () => undefined);
  await vi.waitFor(() => expect(authenticate).toHaveBeenCalled());
  chat.disconnect("ann");
  answer();
  // Whoever comes after is asked anew.
  await connect(origin, { token: "ann" });
  expect(isAdmitted).not.toHaveBeenCalled();
});
