import { EventEmitter } from "node:events";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import type { Timers } from "./timers.js";
import type { End, Wire } from "./wire.js";

const pingIntervalMs = 15_000;
const pingTimeoutMs = 10_000;

/** What Socket.IO on a node knows of a connection: Engine.IO's part, over a wire instead of a network socket. */
export class EngineConnection extends EventEmitter implements End {
  readonly id: string;
  readonly protocol = 4;
  readonly transport = { name: "websocket", writable: true };
  readonly request = Object.assign(new IncomingMessage(new Socket()), { _query: { EIO: "4", transport: "websocket" } });
  readonly remoteAddress = "127.0.0.1";
  readyState: "open" | "closed" = "open";
  readonly #timers: Timers;
  #wire: Wire | undefined;
  #heartbeat: number | undefined;

  constructor(id: string, timers: Timers) {
    super();
    this.id = id;
    this.#timers = timers;
    this.request.url = "/socket.io/?EIO=4&transport=websocket";
    this.request.headers.host = "node";
  }

  /** Says hello; the wire must be able to carry it by now. */
  open(wire: Wire): void {
    this.#wire = wire;
    wire.toTab(`0${JSON.stringify({ sid: this.id, upgrades: [], pingInterval: pingIntervalMs, pingTimeout: pingTimeoutMs, maxPayload: 1e6 })}`);
    this.#expectPing();
  }

  hear(frame: string): void {
    this.#timers.do(() => {
      if (this.readyState === "closed") return;
      if (frame === "3") this.#expectPing();
      else if (frame.startsWith("4")) this.emit("data", frame.slice(1));
    });
  }

  lose(): void {
    this.#timers.do(() => this.#end("transport close"));
  }

  /** Called by Socket.IO with one encoded packet. */
  write(packet: string): void {
    if (this.readyState === "open") this.#timers.do(() => this.#wire?.toTab(`4${packet}`));
  }

  /** Called by Socket.IO. */
  close(): void {
    if (this.readyState === "closed") return;
    this.#wire?.closeFromNode();
    this.#end("forced close");
  }

  #expectPing(): void {
    this.#timers.clearTimeout(this.#heartbeat);
    this.#heartbeat = this.#timers.setTimeout(() => {
      this.#wire?.toTab("2");
      this.#heartbeat = this.#timers.setTimeout(() => this.close(), pingTimeoutMs);
    }, pingIntervalMs);
  }

  #end(reason: string): void {
    if (this.readyState === "closed") return;
    this.readyState = "closed";
    this.#timers.clearTimeout(this.#heartbeat);
    this.emit("close", reason);
  }
}
