import { once } from "node:events";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { createChatServer, type ChatServer, type ChatServerOptions } from "@chat-widget/server";
import { createChatClient, type ChatClient, type ChatClientOptions } from "@chat-widget/client";
import { onTestFinished } from "vitest";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

interface KnownUsers {
  chat: ChatServer;
  /** A client of a user by this name; `mona` is a moderator. */
  clientOf(userId: string, options?: ChatClientOptions): ChatClient;
  /** Breaks every connection, and takes no other until what it gives is called. */
  cut(): () => void;
}

/** A server that believes who its clients say they are; it ends with the test, and its clients too. */
export async function startKnownUsers(options: ChatServerOptions = {}): Promise<KnownUsers> {
  const http = createServer();
  const chat = createChatServer(http, {
    logger: silent,
    authenticate: ({ token = "" }) => ({ id: token, name: token, roles: [token === "mona" ? "moderator" : "member"] }),
    ...options,
  });
  const sockets = new Set<Socket>();
  let isCut = false;
  http.on("connection", (socket) => {
    if (isCut) return socket.destroy();
    sockets.add(socket.on("close", () => sockets.delete(socket)));
    return undefined;
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  onTestFinished(async () => {
    await chat.close({ drainMs: 100 });
    http.closeAllConnections();
    http.close();
  });
  const address = http.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const clientOf = (userId: string, more: ChatClientOptions = {}) => {
    const client = createChatClient({ url: `http://127.0.0.1:${port}/chat`, logger: silent, random: () => 0, getToken: () => userId, ...more });
    onTestFinished(() => client.close());
    return client;
  };
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
    return () => void (isCut = false);
  };
  return { chat, clientOf, cut };
}

/** Waits until a snapshot is as described. */
export function until<S>(view: { getSnapshot(): S; subscribe(listener: () => void): () => void }, describe: (snapshot: S) => boolean): Promise<S> {
  return new Promise((resolve) => {
    const check = () => {
      const snapshot = view.getSnapshot();
      if (!describe(snapshot)) return;
      unsubscribe();
      resolve(snapshot);
    };
    const unsubscribe = view.subscribe(check);
    queueMicrotask(check);
  });
}
