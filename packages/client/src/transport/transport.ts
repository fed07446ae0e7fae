import type { ChatError, Handshake } from "@chat-widget/protocol";

/** What a transport tells of one connection. */
export interface TransportListener {
  /** The server said something; not checked yet. */
  onEvent(name: string, payload: unknown): void;
  /** The connection is over, or never came to be. Told once. */
  onClose(error: ChatError): void;
}

/** One connection, from the attempt to its end. */
export interface Link {
  /** Asks, and resolves with the acknowledgement as it came. Rejects when none came in time or the connection ended. */
  request(name: string, input: unknown, timeoutMs: number): Promise<unknown>;
  /** Ends it; `onClose` is not told. */
  close(): void;
}

/** How the engine reaches a server. */
export interface Transport {
  connect(handshake: Handshake, listener: TransportListener): Link;
}
