import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { pick, type Random } from "../random.ts";
import { calm, type Conditions } from "./conditions.ts";
import { Lane } from "./lane.ts";

/** How a connection ends: torn, or with a farewell. */
export type Cut = "rst" | "fin";

interface Passage {
  client: Socket;
  server: Socket;
  down: Lane;
}

/** Stands between clients and one server, and is the network's bad days. */
export class Proxy {
  /** From client to server; may be changed at any time. */
  readonly up: Conditions = { ...calm };
  /** From server to client; may be changed at any time. */
  readonly down: Conditions = { ...calm };
  readonly #server: Server;
  readonly #random: Random;
  readonly #passages = new Set<Passage>();

  private constructor(server: Server, random: Random) {
    this.#server = server;
    this.#random = random;
  }

  /** Opens a way to a port of this machine, which is looked up at each connection. */
  static async open(target: () => number, random: Random): Promise<Proxy> {
    const server = createServer({ allowHalfOpen: true });
    const proxy = new Proxy(server, random);
    server.on("connection", (client: Socket) => proxy.#pass(client, connect({ port: target(), host: "127.0.0.1", allowHalfOpen: true })));
    await once(server.listen(0, "127.0.0.1"), "listening");
    return proxy;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get connections(): number {
    return this.#passages.size;
  }

  /** The network is as it should be. What was half dead stays dead: nobody repairs a stream that lost bytes. */
  calm(): void {
    Object.assign(this.up, calm);
    Object.assign(this.down, calm);
  }

  /** Cuts one connection, by chance which. */
  cutOne(cut: Cut): void {
    if (this.#passages.size > 0) end(pick(this.#random, [...this.#passages]), cut);
  }

  cutAll(cut: Cut): void {
    for (const passage of this.#passages) end(passage, cut);
  }

  /** Lets exactly so many bytes more reach one client, then tears its connection: somewhere inside a frame, after a commit and before its acknowledgement. */
  cutOneAfter(bytes: number): void {
    if (this.#passages.size === 0) return;
    const passage = pick(this.#random, [...this.#passages]);
    passage.down.allow(bytes, () => end(passage, "rst"));
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.cutAll("rst");
    await closed;
  }

  #pass(client: Socket, server: Socket): void {
    for (const socket of [client, server]) socket.setNoDelay(true);
    const up = new Lane(client, server, this.up, this.#random);
    const down = new Lane(server, client, this.down, this.#random);
    const passage = { client, server, down };
    this.#passages.add(passage);
    const over = (other: Socket, lane: Lane) => () => {
      if (!lane.isBroken) other.destroy();
      if (client.destroyed && server.destroyed) this.#passages.delete(passage);
    };
    // A torn connection is an error to Node, and an end to us: close follows.
    for (const socket of [client, server]) socket.on("error", () => socket.destroy());
    client.on("close", over(server, up));
    server.on("close", over(client, down));
  }
}

function end({ client, server }: Passage, cut: Cut): void {
  for (const socket of [client, server]) {
    if (cut === "rst") socket.resetAndDestroy();
    else socket.end();
  }
}
