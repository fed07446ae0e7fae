import { type Socket, connect as connectTcp } from "node:net";
import { onTestFinished, vi } from "vitest";

/** A TCP connection without any client around it, for what a network does and no client would. */
export class RawSocket {
  readonly socket: Socket;
  received = "";

  constructor(port: number) {
    this.socket = connectTcp(port, "127.0.0.1");
    this.socket.on("error", () => undefined);
    this.socket.on("data", (data) => (this.received += data.toString("latin1")));
    onTestFinished(() => void this.socket.destroy());
  }

  /** Writes a request; a WebSocket's when not told otherwise, an ordinary one without `upgrade`. */
  request(path: string, { method = "GET", upgrade = "websocket", body = "" } = {}): void {
    const headers = ["Host: x"];
    if (upgrade !== "") headers.push("Connection: Upgrade", `Upgrade: ${upgrade}`);
    if (upgrade === "websocket") headers.push("Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    if (body !== "") headers.push(`Content-Length: ${Buffer.byteLength(body)}`);
    this.socket.write(`${method} ${path} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n${body}`);
  }

  /** Writes a frame of a WebSocket. */
  frame(text: string): void {
    const length = text.length < 126 ? [0x80 | text.length] : [0xfe, text.length >> 8, text.length & 255];
    this.socket.write(Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), Buffer.from(text)]));
  }

  async hears(text: string): Promise<void> {
    await vi.waitFor(
      () => {
        if (!this.received.includes(text)) throw new Error(`still waiting for ${text}; received ${this.received.slice(-300)}`);
      },
      { timeout: 10_000, interval: 5 },
    );
  }

  /** Waits until the other side ends it. */
  async ends(): Promise<void> {
    await vi.waitFor(
      () => {
        if (!this.socket.destroyed) throw new Error("the connection is still open");
      },
      { timeout: 10_000, interval: 5 },
    );
  }

  /** Opens a session by WebSocket and joins a room. */
  async join(roomId: string): Promise<void> {
    this.request("/chat/socket.io/?EIO=4&transport=websocket");
    await this.hears("pingInterval");
    this.frame('40{"protocol":[1]}');
    await this.hears("session:ready");
    this.frame(`421["room:join",{"roomId":"${roomId}","limit":1}]`);
    await this.hears("431[");
  }
}
