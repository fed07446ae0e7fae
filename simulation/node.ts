import { createServer } from "node:http";
import { type ChatServer, type ChatStore, createChatServer } from "@chat-widget/server";
import { Server } from "socket.io";
import type { Bus } from "./bus.js";
import type { EngineConnection } from "./engine-connection.js";
import { type StoreFaults, faultyStore } from "./faulty-store.js";
import { silent } from "./silent.js";
import { Timers } from "./timers.js";
import type { Wire } from "./wire.js";
import type { World } from "./world.js";

interface Surroundings {
  world: World;
  bus: Bus;
  /** The database of all nodes. */
  store: ChatStore;
  storeFaults: StoreFaults;
}

const plenty = { burst: 1e6, perSecond: 1e6 };

/** One server process: the real server and the real Socket.IO, on a virtual network. */
export class Node {
  timers: Timers;
  readonly #around: Surroundings;
  #io: Server | undefined;
  #chat: ChatServer | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
    this.timers = new Timers(around.world);
  }

  get isUp(): boolean {
    return this.#io !== undefined;
  }

  start(): void {
    const { world, bus, store, storeFaults } = this.#around;
    this.timers = new Timers(world);
    this.#io = new Server(createServer(), { adapter: bus.adapter(this.timers), serveClient: false });
    this.#chat = createChatServer(this.#io, {
      path: "/chat",
      store: faultyStore(store, world, this.timers, storeFaults),
      authenticate: ({ token }) => (token === undefined ? undefined : { id: token, name: token, roles: ["member"] }),
      guests: false,
      rates: { write: plenty, join: plenty, read: plenty, signal: plenty, identity: plenty, room: plenty, packets: plenty },
      clock: this.timers,
      random: world.random,
      logger: silent,
    });
  }

  accept(connection: EngineConnection, wire: Wire): void {
    this.#io?.engine.emit("connection", connection);
    connection.open(wire);
  }

  /** As by SIGKILL: whatever it was doing, it does nothing more. */
  crash(): void {
    this.timers.end();
    this.#around.bus.forget(this.timers);
    this.#io = undefined;
    this.#chat = undefined;
  }

  /** As by a deploy. */
  async stop(): Promise<void> {
    const [io, chat] = [this.#io, this.#chat];
    this.#io = undefined;
    this.#chat = undefined;
    await chat?.close();
    await io?.close();
  }
}
