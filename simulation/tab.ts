import { type ChatClient, type ClientStorage, type Room, createChatClient, memoryStorage } from "@chat-widget/client";
import { webSocketTransport } from "../packages/client/src/transport/web-socket-transport.js";
import type { Network, Origin } from "./network.js";
import { Observer } from "./observer.js";
import { silent } from "./silent.js";
import { Timers } from "./timers.js";
import type { World } from "./world.js";

/** One tab of a browser: the real client, on a virtual clock and network, with a storage that outlives it. */
export class Tab implements Origin {
  readonly name: string;
  readonly userId: string;
  timers: Timers;
  readonly #world: World;
  readonly #network: Network;
  readonly #host: string;
  readonly #skewMs: number;
  readonly #storage: ClientStorage;
  #client: ChatClient | undefined;
  #rooms = new Map<string, { room: Room; observer: Observer }>();

  /** Tabs of one user may share a storage, as those of one browser do. */
  constructor(name: string, options: { userId: string; world: World; network: Network; host: string; storage?: ClientStorage }) {
    this.name = name;
    this.userId = options.userId;
    this.#world = options.world;
    this.#network = options.network;
    this.#host = options.host;
    this.#storage = options.storage ?? memoryStorage();
    // Clocks of visitors are wrong by up to a day.
    this.#skewMs = options.world.chance(0.3) ? options.world.between(-86_400_000, 86_400_000) : 0;
    this.timers = new Timers(options.world, this.#skewMs);
  }

  get rooms(): ReadonlyMap<string, { room: Room; observer: Observer }> {
    return this.#rooms;
  }

  open(roomIds: readonly string[]): void {
    this.timers = new Timers(this.#world, this.#skewMs);
    const url = `http://${this.#host}/chat`;
    this.#client = createChatClient({
      url,
      storage: this.#storage,
      transport: webSocketTransport({ origin: `http://${this.#host}`, path: "/socket.io", namespace: "/chat" }, this.timers),
      getToken: () => this.userId,
      clock: this.timers,
      random: this.#world.random,
      logger: silent,
    });
    for (const roomId of roomIds) {
      const room = this.#client.room(roomId);
      this.#rooms.set(roomId, { room, observer: new Observer(`${this.name} in ${roomId}`, room) });
    }
  }

  /** The page is gone, without a goodbye. */
  vanish(): void {
    this.timers.end();
    for (const wire of this.#network.wiresOf(this)) wire.closeFromTab();
    this.#client = undefined;
    this.#rooms = new Map();
  }

  reload(): void {
    const roomIds = [...this.#rooms.keys()];
    this.vanish();
    this.open(roomIds);
  }

  async close(): Promise<void> {
    await this.#client?.close();
    this.timers.end();
  }
}
