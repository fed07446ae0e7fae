import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { v7 as uuidv7 } from "uuid";
import type { Socket } from "socket.io-client";
import { expect, it, onTestFinished } from "vitest";
import { memoryStore } from "../src/stores/memory-store.js";
import { diskFiles } from "../src/uploads/disk-files.js";
import { FaultyStore } from "./faulty-store.js";
import { png } from "./pictures.js";
import { connect } from "./test-client.js";
import { type TestServer, listen, startServer } from "./test-server.js";
import { uploadFile } from "./upload-client.js";

const key = "0123456789abcdef0123456789abcdef";
const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
/** What nobody may find in a log: what people are called and say, what they come with, and from where. */
const personal = ["Annabel", "Guesty", "xylophone", "annabel.png", "session-of-ann", "token-of-ann", "127.0.0.1", "Mozilla/5.0", key, secret];

function logOf({ log }: TestServer): string {
  return inspect(log.lines, { depth: null, maxArrayLength: null, maxStringLength: null });
}

/** What is expected to be refused or to fail. */
async function fails(...asked: readonly Promise<unknown>[]): Promise<void> {
  for (const { status } of await Promise.allSettled(asked)) expect(status).toBe("rejected");
}

const authenticate = ({ token }: { token: string | undefined }) => {
  if (token === undefined) return undefined;
  if (token === "token-of-ann") return { id: "ann", name: "Annabel", avatarUrl: "https://example.com/annabel.png" };
  throw new Error("there is no such session");
};

it("says of users no more than their ids, over a whole story with everything that goes wrong in it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "log-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const receiver = await listen(createServer((_request, response) => void response.writeHead(500).end("no")));
  const store = new FaultyStore();
  const server = await startServer({
    store,
    authenticate,
    guests: true,
    api: { keys: [key] },
    uploads: { files: diskFiles({ folder }) },
    webhooks: [{ url: `${receiver.origin}/hook`, secret }],
    perAddress: { proxies: 0 },
    limits: { textBytes: 100 },
    moderate: ({ text }) => (text.includes("refused") ? { refuse: "no" } : text.includes("throws") ? Promise.reject(new Error("the filter is down")) : undefined),
    authorize: ({ roomId }) => {
      if (roomId === "broken") throw new Error("the rules are down");
      return roomId === "private" ? false : undefined;
    },
    onEvent: () => Promise.reject(new Error("the application is down")),
  });
  const { origin, chat } = server;
  const headers = { cookie: "sid=session-of-ann", "user-agent": "Mozilla/5.0 (Annabel)", authorization: "Bearer token-of-ann" };
  const [ann, guest] = [await connect(origin, { token: "token-of-ann" }), await connect(origin, { guestName: "Guesty" })];
  await fails(connect(origin, { token: "session-of-ann" }));
  for (const client of [ann, guest]) await client.ask("room:join", { roomId: "lobby" });
  const said = await ann.send("lobby", "xylophone");
  await ann.ask("message:edit", { roomId: "lobby", id: uuidv7(), messageId: said.id, text: "xylophone two" });
  await fails(ann.send("lobby", "xylophone refused"), ann.send("lobby", "xylophone throws"), ann.send("lobby", "xylophone".repeat(99)), ann.send("private", "xylophone"), guest.ask("message:edit", { roomId: "lobby", id: uuidv7(), messageId: said.id, text: "xylophone" }));
  await fails(ann.ask("room:join", { roomId: "private" }), ann.ask("room:join", { roomId: "broken" }), ann.askAnything("message:send", { roomId: "lobby", text: 7, xylophone: "xylophone" }));
  await uploadFile(origin, ann, "lobby", await png(2, 2), "annabel.png");
  store.failingAppends = 3;
  await fails(ann.send("lobby", "xylophone lost"));
  store.failingAppends = 0;
  for (const request of [
    fetch(`${origin}/chat/socket.io/?EIO=4&transport=polling`, { headers: { ...headers, origin: "https://evil.example" } }),
    fetch(`${origin}/chat/api/users/ann/export`, { headers }),
    fetch(`${origin}/chat/api/rooms/lobby/messages`, { method: "POST", headers: { authorization: `Bearer ${key}`, "content-type": "application/json" }, body: '{"text":"xylophone' }),
    fetch(`${origin}/chat/uploads/nothing`, { headers }),
  ])
    expect((await request).status).toBeGreaterThanOrEqual(400);
  await fails(chat.room("lobby").send({ author: { id: "ann", name: "Annabel" }, text: "xylophone".repeat(99) }));
  const untyped: Socket = guest.socket;
  untyped.emit("message:send", { text: "xylophone", deep: [[[[[[[[[[[["xylophone"]]]]]]]]]]]] });
  await chat.revoke("ann");
  await ann.ends();
  await chat.users.erase("ann", { by: "support" });
  await expect.poll(() => logOf(server)).toContain("unable to tell the webhook");
  await chat.close({ drainMs: 0 });

  const told = logOf(server).replaceAll(receiver.origin, "the receiver");
  for (const line of ["`authenticate` threw", "the filter is down", "the rules are down", "the application is down", "SQLITE_FULL", "refused a page of another origin", "erased a user"]) expect(told).toContain(line);
  for (const word of [...personal, guest.ready.guestToken ?? "Guesty"]) expect(told).not.toContain(word);
});

it("names nobody who is refused for their address", async () => {
  const server = await startServer({ store: memoryStore(), perAddress: { proxies: 0, connections: 1 } });
  const guest = await connect(server.origin, { guestName: "Guesty" });
  await fails(connect(server.origin, { guestName: "Guesty" }));
  expect(server.log.messages("warn")).toEqual([expect.stringContaining("its address has opened too many")]);
  for (const word of [...personal, guest.ready.user.id]) expect(logOf(server)).not.toContain(word);
});
