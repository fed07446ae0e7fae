import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createChatServer, memoryStore, type ChatServer, type ChatServerOptions, type ChatStore } from "@chat-widget/server";
import { createChatClient, memoryStorage, type ChatClient, type ChatClientOptions, type Room, type RoomSnapshot } from "@chat-widget/client";
import { describe, expect, it, onTestFinished } from "vitest";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A server that can end and come back at the same address with the same store. */
class TestServer {
  #http: Server | undefined;
  #chat: ChatServer | undefined;
  #port = 0;
  readonly #options: ChatServerOptions;

  constructor(options: ChatServerOptions = {}) {
    this.#options = { guests: true, logger: silent, ...options };
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/chat`;
  }

  get chat(): ChatServer {
    if (this.#chat === undefined) throw new Error("the server is not started");
    return this.#chat;
  }

  async start(): Promise<this> {
    const http = createServer();
    this.#http = http;
    this.#chat = createChatServer(http, this.#options);
    http.listen(this.#port, "127.0.0.1");
    await once(http, "listening");
    const address = http.address();
    if (typeof address === "object" && address !== null) this.#port = address.port;
    return this;
  }

  async stop(): Promise<void> {
    await this.#chat?.close({ drainMs: 100 });
    this.#http?.closeAllConnections();
    this.#http?.close();
  }
}

async function startServer(options?: ChatServerOptions): Promise<TestServer> {
  const server = await new TestServer(options).start();
  onTestFinished(() => server.stop());
  return server;
}

function startClient(server: TestServer, options: ChatClientOptions = {}): ChatClient {
  const client = createChatClient({ url: server.url, logger: silent, random: () => 0, ...options });
  onTestFinished(() => client.close());
  return client;
}

/** Waits until a snapshot is as described. */
async function until(room: Room, describe: (snapshot: RoomSnapshot) => boolean): Promise<RoomSnapshot> {
  return new Promise((resolve) => {
    const check = () => {
      const snapshot = room.getSnapshot();
      if (!describe(snapshot)) return;
      unsubscribe();
      resolve(snapshot);
    };
    const unsubscribe = room.subscribe(check);
    queueMicrotask(check);
  });
}

const texts = ({ messages }: RoomSnapshot) => messages.map(({ text }) => text);
const shows = (room: Room, expected: string[]) =>
  until(room, (snapshot) => JSON.stringify(texts(snapshot)) === JSON.stringify(expected) && snapshot.messages.every(({ delivery }) => delivery.state === "sent"));

/** A store whose life outlasts its server's. */
function lasting(store: ChatStore = memoryStore()): ChatStore {
  return { ...store, close: async () => {} };
}

describe("with a real server", () => {
  it("two clients converse", async () => {
    const server = await startServer();
    const [ann, bob] = [startClient(server).room("lobby"), startClient(server).room("lobby")];
    const message = await ann.send({ text: "hello" });
    expect(message).toMatchObject({ text: "hello", seq: 1 });
    await shows(bob, ["hello"]);
    await bob.send({ text: "hi", replyTo: message.id });
    const snapshot = await shows(ann, ["hello", "hi"]);
    expect(snapshot.messages.map(({ isMine, quote }) => [isMine, quote?.text])).toEqual([
      [true, undefined],
      [false, "hello"],
    ]);
  });

  it("edits, deletes and reactions reach everyone, and a late comer", async () => {
    const server = await startServer();
    const [ann, bob] = [startClient(server).room("lobby"), startClient(server).room("lobby")];
    const [kept, gone] = [await ann.send({ text: "kept" }), await ann.send({ text: "gone" })];
    await Promise.all([ann.edit(kept.id, "changed"), ann.delete(gone.id), ann.react(kept.id, "👍", true)]);
    for (const room of [bob, startClient(server).room("lobby")]) {
      const snapshot = await until(room, ({ messages }) => messages[0]?.reactions.length === 1);
      expect(snapshot.messages).toMatchObject([{ text: "changed", reactions: [{ emoji: "👍" }] }, { text: "", deletedAt: expect.any(Number) }]);
    }
  });

  it("a refused edit falls back and says why", async () => {
    const server = await startServer();
    const [ann, bob] = [startClient(server).room("lobby"), startClient(server).room("lobby")];
    const message = await ann.send({ text: "mine" });
    await shows(bob, ["mine"]);
    const edit = bob.edit(message.id, "yours");
    expect(texts(bob.getSnapshot())).toEqual(["yours"]);
    await expect(edit).rejects.toMatchObject({ code: "forbidden" });
    expect(texts(bob.getSnapshot())).toEqual(["mine"]);
  });

  it("sees who is here and who is typing", async () => {
    const server = await startServer();
    const [ann, bob] = [startClient(server, { guestName: "Ann" }).room("lobby"), startClient(server, { guestName: "Bob" }).room("lobby")];
    await until(ann, ({ presence }) => presence.count === 2);
    await until(bob, ({ phase }) => phase === "ready");
    bob.setTyping(true);
    expect((await until(ann, ({ typingCount }) => typingCount === 1)).typing).toMatchObject([{ name: "Bob" }]);
    expect(bob.getSnapshot().typingCount).toBe(0);
    await bob.send({ text: "done" });
    await until(ann, ({ typingCount }) => typingCount === 0);
    bob.release();
    await until(ann, ({ presence }) => presence.count === 1);
  });

  it("counts what is unread until it is read, and tells the others", async () => {
    const server = await startServer();
    const [annClient, bob] = [startClient(server), startClient(server).room("lobby")];
    const ann = annClient.room("lobby");
    await until(ann, ({ phase }) => phase === "ready");
    await bob.send({ text: "one", mentions: ["somebody"] });
    const annId = annClient.getSnapshot().user?.id ?? "";
    const two = await bob.send({ text: "two", mentions: [annId] });
    const unread = await until(ann, ({ unreadCount }) => unreadCount === 2);
    expect(unread).toMatchObject({ firstUnreadId: unread.messages[0]?.id, unreadMentionCount: 1 });
    expect(bob.getSnapshot().unreadMentionCount).toBe(0);
    ann.markRead();
    expect(ann.getSnapshot()).toMatchObject({ unreadCount: 0, unreadMentionCount: 0 });
    await until(bob, ({ receipts }) => receipts.get(annId) === two.seq);
  });

  it("loads history page by page", async () => {
    const server = await startServer();
    const author = { id: "bot", name: "Bot" };
    for (let n = 1; n <= 120; n++) await server.chat.room("lobby").send({ author, text: String(n) });
    const room = startClient(server).room("lobby");
    expect(texts(await until(room, ({ phase }) => phase === "ready"))).toHaveLength(50);
    await room.loadOlder();
    expect(room.getSnapshot()).toMatchObject({ hasOlder: true, isLoadingOlder: false });
    await Promise.all([room.loadOlder(), room.loadOlder()]);
    expect(texts(room.getSnapshot())).toEqual(Array.from({ length: 120 }, (_, n) => String(n + 1)));
    expect(room.getSnapshot().hasOlder).toBe(false);
  });

  it("sends what was written while the server was away, in order and once", async () => {
    const server = await new TestServer({ store: lasting() }).start();
    onTestFinished(() => server.stop());
    const [ann, bob] = [startClient(server).room("lobby"), startClient(server).room("lobby")];
    await ann.send({ text: "before" });
    await shows(bob, ["before"]);
    await server.stop();
    const sent = [ann.send({ text: "one" }), ann.send({ text: "two" })];
    expect(ann.getSnapshot().messages.map(({ delivery }) => delivery.state)).toEqual(["sent", "pending", "pending"]);
    await server.start();
    await Promise.all(sent);
    await shows(ann, ["before", "one", "two"]);
    await shows(bob, ["before", "one", "two"]);
  });

  it("starts anew, without losing what is unsent, when the server lost its history", async () => {
    const server = await new TestServer().start();
    onTestFinished(() => server.stop());
    const ann = startClient(server).room("lobby");
    await ann.send({ text: "forgotten" });
    await server.stop();
    const sent = ann.send({ text: "kept" });
    await server.start();
    await sent;
    await shows(ann, ["kept"]);
  });

  it("stays the same guest over a reload, and sends what the page had not", async () => {
    const server = await new TestServer({ store: lasting() }).start();
    onTestFinished(() => server.stop());
    const storage = memoryStorage();
    const first = startClient(server, { storage });
    await first.room("lobby").send({ text: "one" });
    const user = first.getSnapshot().user;
    await server.stop();
    void first.room("lobby").send({ text: "two" });
    await first.close();
    const second = startClient(server, { storage });
    const room = second.room("lobby");
    await until(room, (snapshot) => texts(snapshot).includes("two"));
    await server.start();
    await shows(room, ["one", "two"]);
    expect(second.getSnapshot().user).toEqual(user);
  });

  it("gives a guest a new name, and keeps it", async () => {
    const server = await startServer();
    const storage = memoryStorage();
    const client = startClient(server, { storage, guestName: "Ann" });
    await until(client.room("lobby"), ({ phase }) => phase === "ready");
    expect(await client.rename("Anna")).toMatchObject({ name: "Anna" });
    await client.room("lobby").send({ text: "hello" });
    await client.close();
    const again = startClient(server, { storage, guestName: "Ann" });
    const { messages } = await shows(again.room("lobby"), ["hello"]);
    expect(messages[0]).toMatchObject({ author: { name: "Anna" }, isMine: true });
    expect(again.getSnapshot().user?.name).toBe("Anna");
  });

  it("uses the token of the application, and refreshes it", async () => {
    const server = await startServer({ guests: false, authenticate: ({ token }) => (token?.startsWith("good") ? { id: "ann", name: token } : undefined) });
    let token = "good 1";
    const client = startClient(server, { getToken: () => token });
    await client.room("lobby").send({ text: "hello" });
    token = "good 2";
    expect(await client.refreshToken()).toMatchObject({ id: "ann", name: "good 2" });
  });

  it("is refused for good when a second token is no better than the first", async () => {
    const server = await startServer({ guests: false, authenticate: () => undefined });
    let asked = 0;
    const client = startClient(server, { getToken: () => `bad ${++asked}` });
    client.connect();
    await new Promise<void>((resolve) => client.subscribe(() => client.getSnapshot().status === "refused" && resolve()));
    expect(client.getSnapshot().error).toMatchObject({ code: "unauthenticated" });
    expect(asked).toBe(2);
  });

  it("fails to enter a room that is not allowed, and goes on in others", async () => {
    const server = await startServer({ authorize: ({ roomId }) => (roomId === "secret" ? false : undefined) });
    const client = startClient(server);
    const snapshot = await until(client.room("secret"), ({ phase }) => phase === "failed");
    expect(snapshot.error).toMatchObject({ code: "forbidden" });
    await client.room("lobby").send({ text: "here" });
  });

  it("refuses too long a text before sending it", async () => {
    const server = await startServer({ limits: { textBytes: 10 } });
    const room = startClient(server).room("lobby");
    await until(room, ({ phase }) => phase === "ready");
    await expect(room.send({ text: "äöüäöü" })).rejects.toMatchObject({ code: "too-large", details: { limit: 10 } });
    await expect(room.send({ text: " \n " })).rejects.toMatchObject({ code: "invalid" });
    expect(room.getSnapshot().messages).toEqual([]);
  });
});
