import { ChatError, defaultLimits, type Handshake, type SessionReady } from "@chat-widget/protocol";
import type { Link, Transport, TransportListener } from "@chat-widget/client";

/** One request as it reached the server, and how to answer it. */
export interface Asked {
  readonly name: string;
  readonly input: unknown;
  answer(data: unknown): void;
  refuse(error: ChatError): void;
  /** No answer comes in time. */
  miss(): void;
}

/** One connection as the server sees it. */
export class ScriptedLink implements Link {
  readonly handshake: Handshake;
  readonly asked: Asked[] = [];
  isClosed = false;
  readonly #listener: TransportListener;
  readonly #misses = new Set<() => void>();

  constructor(handshake: Handshake, listener: TransportListener) {
    this.handshake = handshake;
    this.#listener = listener;
  }

  request(name: string, input: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const miss = () => reject(new ChatError("timeout", "unable to know; no answer came"));
      this.#misses.add(miss);
      this.asked.push({ name, input, answer: (data) => resolve({ ok: true, data }), refuse: (error) => resolve({ ok: false, error: error.toJSON() }), miss });
    });
  }

  close(): void {
    this.isClosed = true;
    for (const miss of this.#misses) miss();
  }

  /** The last request of this name. */
  last(name: string): Asked {
    const asked = this.asked.findLast((one) => one.name === name);
    if (asked === undefined) throw new Error(`${name} was not asked`);
    return asked;
  }

  count(name: string): number {
    return this.asked.filter((one) => one.name === name).length;
  }

  /** The server says something. */
  say(name: string, payload: unknown): void {
    this.#listener.onEvent(name, payload);
  }

  welcome(more: Partial<SessionReady> = {}): void {
    const user = { id: "ann", name: "Ann", roles: ["member" as const] };
    this.say("session:ready", { protocol: 1, user, limits: defaultLimits, serverTime: 0, capabilities: [], ...more });
  }

  /** The connection ends, or is refused. */
  end(error = new ChatError("unavailable", "unable to stay connected; cut")): void {
    for (const miss of this.#misses) miss();
    this.#listener.onClose(error);
  }
}

/** A server in the hands of a test. */
export class ScriptedTransport implements Transport {
  readonly links: ScriptedLink[] = [];

  connect(handshake: Handshake, listener: TransportListener): Link {
    const link = new ScriptedLink(handshake, listener);
    this.links.push(link);
    return link;
  }

  /** The newest connection. */
  get link(): ScriptedLink {
    const link = this.links.at(-1);
    if (link === undefined) throw new Error("nobody connected");
    return link;
  }
}
