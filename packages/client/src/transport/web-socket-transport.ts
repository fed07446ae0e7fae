import { ChatError, type Handshake } from "@chat-widget/protocol";
import { Alarm, type Clock } from "../clock.js";
import { readPacket, type Packet } from "./packet.js";
import { refusalOf } from "./refusal.js";
import type { SocketAddress } from "./socket-address.js";
import type { Link, Transport, TransportListener } from "./transport.js";

/** How long the first word of the server may take. */
const openTimeoutMs = 10_000;

/**
 * The browser's own WebSocket, speaking Socket.IO. The engine needs so little of Socket.IO's client (no reconnecting, no
 * buffering, no binary data) that these few lines spare a page the third of its download; see decision 5.
 */
export function webSocketTransport(address: SocketAddress, clock: Clock): Transport {
  return { connect: (handshake, listener) => new WebSocketLink(address, clock, handshake, listener) };
}

interface Asked {
  resolve(answer: unknown): void;
  reject(error: ChatError): void;
}

class WebSocketLink implements Link {
  readonly #socket: WebSocket;
  readonly #listener: TransportListener;
  readonly #prefix: string;
  readonly #handshake: Handshake;
  readonly #clock: Clock;
  readonly #asked = new Map<number, Asked>();
  readonly #silence: Alarm;
  #silenceMs = openTimeoutMs;
  #nextId = 0;
  #isOver = false;

  constructor({ origin, path, namespace }: SocketAddress, clock: Clock, handshake: Handshake, listener: TransportListener) {
    this.#clock = clock;
    this.#handshake = handshake;
    this.#listener = listener;
    this.#prefix = namespace === "/" ? "" : `${namespace},`;
    this.#silence = new Alarm(clock, () => this.#end(new ChatError("unavailable", "unable to stay connected; the server fell silent")));
    this.#silence.set(this.#silenceMs);
    this.#socket = new WebSocket(`${origin.replace(/^http/, "ws")}${path}/?EIO=4&transport=websocket`);
    this.#socket.onmessage = ({ data }) => this.#hear(data);
    this.#socket.onclose = ({ code }) => this.#end(new ChatError("unavailable", `unable to stay connected; the connection was closed (${code})`));
  }

  request(name: string, input: unknown, timeoutMs: number): Promise<unknown> {
    const id = this.#nextId++;
    let timer: unknown;
    const answered = new Promise<unknown>((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      timer = this.#clock.setTimeout(() => reject(new ChatError("timeout", `unable to know the outcome of ${name}; no answer came`)), timeoutMs);
      this.#send(`42${this.#prefix}${id}${JSON.stringify([name, input])}`);
    });
    return answered.finally(() => {
      this.#clock.clearTimeout(timer);
      this.#asked.delete(id);
    });
  }

  close(): void {
    if (this.#isOver) return;
    this.#send(`41${this.#prefix}`);
    this.#finish();
  }

  #hear(frame: unknown): void {
    if (this.#isOver) return;
    this.#silence.reset(this.#silenceMs);
    let packet: Packet | undefined;
    try {
      packet = typeof frame === "string" ? readPacket(frame) : undefined;
    } catch (cause) {
      return this.#end(new ChatError("unavailable", "unable to stay connected; what came is not Socket.IO", { cause }));
    }
    switch (packet?.type) {
      case "open":
        this.#silenceMs = packet.pingInterval + packet.pingTimeout;
        this.#silence.reset(this.#silenceMs);
        return this.#send(`40${this.#prefix}${JSON.stringify(this.#handshake)}`);
      case "ping":
        return this.#send("3");
      case "event":
        return this.#listener.onEvent(packet.name, packet.payload);
      case "answer":
        return this.#asked.get(packet.id)?.resolve(packet.payload);
      case "refused":
        return this.#end(refusalOf(packet.data, packet.message));
      case "closed":
        return this.#end(new ChatError("unavailable", "unable to stay connected; the server closed the connection"));
    }
  }

  #send(frame: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(frame);
  }

  #end(error: ChatError): void {
    if (this.#isOver) return;
    this.#finish();
    this.#listener.onClose(error);
  }

  #finish(): void {
    this.#isOver = true;
    this.#silence.clear();
    this.#socket.close();
    for (const { reject } of this.#asked.values()) reject(new ChatError("timeout", "unable to know the outcome; the connection ended"));
  }
}
