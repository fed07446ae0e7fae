import { onTestFinished, vi } from "vitest";

/** A WebSocket without a client around it, for what no client sends. */
export class Wire {
  readonly #socket: WebSocket;
  readonly received: string[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.received.push(String(data)));
  }

  /** Opens a connection; unless told otherwise also a session on it. */
  static async open(port: number, hello = '40{"protocol":[1]}'): Promise<Wire> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/chat/socket.io/?EIO=4&transport=websocket`);
    onTestFinished(() => socket.close());
    const wire = new Wire(socket);
    await wire.#until(() => wire.received.length > 0);
    if (hello !== "") {
      wire.send(hello);
      await wire.#until(() => wire.received.some((packet) => packet.includes("session:ready")));
    }
    return wire;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  send(packet: string | Uint8Array<ArrayBuffer>): void {
    if (this.isOpen) this.#socket.send(packet);
  }

  /** Waits until the server closes the connection. */
  async ends(): Promise<void> {
    await this.#until(() => this.#socket.readyState === WebSocket.CLOSED);
  }

  /** Waits for an acknowledgement and gives it. */
  async reply(id: number): Promise<unknown> {
    const prefix = `43${id}[`;
    await this.#until(() => this.received.some((packet) => packet.startsWith(prefix)));
    const packet = this.received.find((candidate) => candidate.startsWith(prefix)) ?? "";
    const [reply]: unknown[] = JSON.parse(packet.slice(prefix.length - 1));
    return reply;
  }

  async #until(isIt: () => boolean): Promise<void> {
    await vi.waitFor(
      () => {
        if (!isIt()) throw new Error(`still waiting; received ${this.received.slice(-3).join(" ").slice(0, 500)}`);
      },
      { timeout: 10_000, interval: 5 },
    );
  }
}
