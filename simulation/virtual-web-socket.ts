import type { Network, Origin } from "./network.js";
import type { Wire } from "./wire.js";

let network: ((origin: string) => { network: Network; origin: Origin } | undefined) | undefined;

/** Says which simulated network and tab an address belongs to. */
export function useNetworks(find: typeof network): void {
  network = find;
}

/** As much of a browser's WebSocket as the client's transport needs, over a wire. */
export class VirtualWebSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 3;
  readyState = VirtualWebSocket.CONNECTING;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  #wire: Wire | undefined;

  constructor(url: string) {
    const found = network?.(new URL(url).hostname);
    if (found === undefined) throw new Error(`unable to connect to ${url}; no simulation knows it`);
    const { timers } = found.origin;
    const lose = () => timers.do(() => this.#lose());
    const hear = (frame: string) =>
      timers.do(() => {
        if (this.readyState === VirtualWebSocket.CLOSED) return;
        this.readyState = VirtualWebSocket.OPEN;
        this.onmessage?.({ data: frame });
      });
    this.#wire = found.network.connect(found.origin, { hear, lose });
  }

  send(frame: string): void {
    this.#wire?.toNode(frame);
  }

  close(): void {
    if (this.readyState === VirtualWebSocket.CLOSED) return;
    this.#wire?.closeFromTab();
    this.#lose();
  }

  #lose(): void {
    if (this.readyState === VirtualWebSocket.CLOSED) return;
    this.readyState = VirtualWebSocket.CLOSED;
    this.onclose?.({ code: 1006 });
  }
}
