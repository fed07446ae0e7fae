import type { Server as Engine, Socket as Connection } from "engine.io";
import type { Namespace } from "socket.io";
import { Adapter } from "socket.io-adapter";
import { type MayRead, Recipient } from "./recipient.js";

interface EnginePacket {
  type: string;
  data?: unknown;
}

/** Sees every packet that leaves a server, when it leaves, with whom it is for. */
export class Recorder {
  readonly #mayRead: MayRead;
  readonly recipients: Recipient[] = [];
  /** The server's own sockets, for a test that makes it leak. */
  namespace: Namespace | undefined;

  constructor(mayRead: MayRead) {
    this.#mayRead = mayRead;
  }

  /** The option `adapter` of the server to watch: one that leads nowhere, and is where a server shows its connections. */
  get adapter(): (namespace: Namespace) => Adapter {
    const meet = (namespace: Namespace): void => {
      this.namespace = namespace;
      // The server has its engine once it is made.
      queueMicrotask(() => this.#watch(namespace.server.engine));
    };
    // Socket.IO says `new` to it.
    return function adapter(namespace) {
      meet(namespace);
      return new Adapter(namespace);
    };
  }

  /** What was sent to one user, on all their connections. */
  receivedBy(userId: string): string {
    return this.recipients.filter((recipient) => recipient.userId === userId).flatMap(({ received }) => received).join("\n");
  }

  get faults(): string[] {
    return this.recipients.flatMap(({ faults }) => faults);
  }

  #watch(engine: Engine): void {
    engine.on("connection", (connection: Connection) => {
      const recipient = new Recipient(this.#mayRead);
      this.recipients.push(recipient);
      connection.on("packet", ({ type, data }: EnginePacket) => void (type === "message" && recipient.says(String(data))));
      connection.on("packetCreate", ({ type, data }: EnginePacket) => void (type === "message" && recipient.hears(String(data))));
    });
  }
}
