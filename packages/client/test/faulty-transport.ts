import { ChatError, type Link, type Transport, type TransportListener } from "@chat-widget/client";

/** A real transport over a bad network: events are dropped, doubled and reordered, connections break before and after a request got through, requests arrive twice. */
export class FaultyTransport implements Transport {
  isCalm = false;
  faults = 0;
  readonly #inner: Transport;
  readonly #random: () => number;

  constructor(inner: Transport, random: () => number) {
    this.#inner = inner;
    this.#random = random;
  }

  connect(handshake: Parameters<Transport["connect"]>[0], listener: TransportListener): Link {
    let isOver = false;
    const link = this.#inner.connect(handshake, {
      onEvent: (name, payload) => {
        if (isOver) return;
        const fate = name === "room:events" ? this.#fate(0.4) : 1;
        if (fate < 0.1) return;
        if (fate < 0.2) setTimeout(() => isOver || listener.onEvent(name, payload), 20 * this.#random());
        else listener.onEvent(name, payload);
        if (fate < 0.3) listener.onEvent(name, payload);
      },
      onClose: (error) => {
        if (!isOver) listener.onClose(error);
      },
    });
    const cut = () => {
      isOver = true;
      link.close();
      listener.onClose(new ChatError("unavailable", "unable to stay connected; the network broke"));
    };
    return {
      request: async (name, input, timeoutMs) => {
        const fate = this.#fate(0.3);
        if (fate < 0.05) {
          queueMicrotask(cut);
          throw new Error("cut before it was sent");
        }
        if (fate < 0.1) {
          // The request gets through, and nothing ever comes back.
          isOver = true;
          await link.request(name, input, timeoutMs).catch(() => undefined);
          queueMicrotask(cut);
          throw new Error("cut before the answer arrived");
        }
        // As two tabs with one outbox do.
        if (fate < 0.2) link.request(name, input, timeoutMs).catch(() => undefined);
        return link.request(name, input, timeoutMs);
      },
      close: () => {
        isOver = true;
        link.close();
      },
    };
  }

  /** Below `chance`: something goes wrong, and the number says what. */
  #fate(chance: number): number {
    const fate = this.isCalm ? 1 : this.#random();
    if (fate < chance) this.faults += 1;
    return fate;
  }
}
