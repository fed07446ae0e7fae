import { once } from "node:events";
import { createServer } from "node:http";
import { createChatServer, type ChatServer, type ChatServerOptions } from "@chat-widget/server";
import { postgresStore } from "@chat-widget/server/postgres";
import { createChatClient, type Room } from "@chat-widget/client";
import { expect, it, onTestFinished } from "vitest";
import { createMesh } from "../../server/test/cluster/mesh.js";
import { PostgresServer } from "../../server/test/postgres-server.js";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A node of a chat; gives where it is. */
async function startNode(options: ChatServerOptions): Promise<{ url: string; chat: ChatServer }> {
  const http = createServer();
  const chat = createChatServer(http, { guests: true, logger: silent, ...options });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  onTestFinished(async () => {
    await chat.close({ drainMs: 100 });
    http.closeAllConnections();
    http.close();
  });
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("unable to listen; there is no port");
  return { url: `http://127.0.0.1:${address.port}/chat`, chat };
}

function enter(url: string, guestName: string): Room {
  const client = createChatClient({ url, guestName, logger: silent });
  onTestFinished(() => client.close());
  return client.room("lobby");
}

const lines = (room: Room) => room.getSnapshot().messages.map(({ text, delivery }) => `${text} ${delivery.state}`);
const sent = (...texts: string[]) => texts.map((text) => `${text} sent`);

it("shows what a failover left, on every node, and stores once what was unsent", async () => {
  const server = await PostgresServer.start();
  onTestFinished(() => server.stop());
  const connectionString = await server.createDatabase();
  const mesh = createMesh();
  const nodes = [await startNode({ store: postgresStore({ connectionString }), adapter: mesh() }), await startNode({ store: postgresStore({ connectionString }), adapter: mesh() })];
  const [ann, bob, idle] = [enter(nodes[0]?.url ?? "", "Ann"), enter(nodes[1]?.url ?? "", "Bob"), enter(nodes[1]?.url ?? "", "Idle")];
  const everyone = [ann, bob, idle];
  const showEverywhere = (rooms: Room[], ...texts: string[]) => expect.poll(() => rooms.map(lines), { timeout: 30_000 }).toEqual(rooms.map(() => sent(...texts)));

  await ann.send({ text: "one" });
  await bob.send({ text: "two" });
  await showEverywhere(everyone, "one", "two");
  await server.keepStandby();
  await ann.send({ text: "lost" });
  const alsoLost = await bob.send({ text: "lost too" });
  await bob.react(alsoLost.id, "👍", true);
  await showEverywhere(everyone, "one", "two", "lost", "lost too");

  await server.loseToStandby();
  // More than were lost: to whoever reads on with the old numbers, the new log looks like more of the old one.
  const unsent = ["three", "four", "five", "six", "seven"];
  const sending = unsent.map((text) => ann.send({ text }));
  expect(lines(ann)).toEqual([...sent("one", "two", "lost", "lost too"), ...unsent.map((text) => `${text} pending`)]);
  await server.promote();
  const stored = await Promise.all(sending);
  expect(stored.map(({ seq }) => seq)).toEqual([3, 4, 5, 6, 7]);
  await showEverywhere(everyone, "one", "two", ...unsent);

  await bob.send({ text: "after" });
  await showEverywhere([...everyone, enter(nodes[0]?.url ?? "", "Late"), enter(nodes[1]?.url ?? "", "Later")], "one", "two", ...unsent, "after");
  const log = await server.query("select body::json ->> 'text' as text from chat_widget.events order by seq", connectionString);
  expect(log).toEqual(["one", "two", ...unsent, "after"].map((text) => ({ text })));
  await expect.poll(() => nodes.map(({ chat }) => chat.status()), { timeout: 15_000 }).toMatchObject([{ bus: "live", otherNodes: 1 }, { bus: "live", otherNodes: 1 }]);
}, 90_000);
