import { once } from "node:events";
import { type RequestListener, type Server, createServer } from "node:http";
import type { EventDefinitions, NoEvents } from "@chat-widget/protocol";
import { onTestFinished } from "vitest";
import { type ChatServer, createChatServer } from "../src/chat-server.js";
import type { Logger } from "../src/logger.js";
import type { ChatServerOptions } from "../src/options.js";

/** A logger that keeps what it is told. */
export class LogBook implements Logger {
  readonly lines: { level: keyof Logger; message: string; fields: Record<string, unknown> }[] = [];
  readonly debug = this.#at("debug");
  readonly info = this.#at("info");
  readonly warn = this.#at("warn");
  readonly error = this.#at("error");

  /** The messages of one level. */
  messages(level: keyof Logger): string[] {
    return this.lines.filter((line) => line.level === level).map(({ message }) => message);
  }

  #at(level: keyof Logger): Logger["debug"] {
    return (fields, message) => void this.lines.push({ level, message, fields });
  }
}

export interface TestServer<E extends EventDefinitions = NoEvents> {
  http: Server;
  chat: ChatServer<E>;
  log: LogBook;
  port: number;
  /** Such as `http://127.0.0.1:1234`. */
  origin: string;
}

/** Makes an HTTP server listen on a port of its own until the test ends. */
export async function listen(http: Server): Promise<{ port: number; origin: string }> {
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("unable to listen; there is no port");
  return { port: address.port, origin: `http://127.0.0.1:${address.port}` };
}

/** Starts a chat on an HTTP server of its own; both end with the test. */
export async function startServer<E extends EventDefinitions = NoEvents>(options: ChatServerOptions<E> & { app?: RequestListener } = {}): Promise<TestServer<E>> {
  const { app, ...chatOptions } = options;
  const http = createServer(app);
  const log = new LogBook();
  const chat = createChatServer(http, { logger: log, guests: true, ...chatOptions });
  const address = await listen(http);
  onTestFinished(() => chat.close({ drainMs: 100 }));
  return { http, chat, log, ...address };
}
