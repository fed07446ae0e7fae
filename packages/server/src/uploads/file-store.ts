import type { Readable } from "node:stream";

/** How a client sends a file to a store itself. */
export interface SendTarget {
  /** Absolute. */
  url: string;
  headers: Record<string, string>;
}

/** How a file is to be given to whoever fetches it. */
export interface FileAnswer {
  type: string;
  /** As the header `Content-Disposition` has it. */
  disposition: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/**
 * Where the bytes of uploads are kept. Keys are made by the server: `sent/` or `kept/` and a UUID. Every method rejects with a `ChatError` of
 * code `unavailable` when the place cannot be reached or is full; what its message says reaches users, so that folders and
 * hosts belong into its `cause`.
 *
 * A client sends to one key and the server keeps another, made by `seal`: what was looked at is what is served,
 * whoever may still be sending. Either `receive` or `sendTo` is there. `describeFileStore` holds the promises
 * that every implementation is tested for.
 */
export interface FileStore {
  /** Takes bytes from a place on; resolves when they are kept. What came before the body broke off is kept too. */
  receive?(key: string, offset: number, body: AsyncIterable<Uint8Array>): Promise<void>;
  /** Lets a client send exactly so many bytes itself, past the server. */
  sendTo?(key: string, size: number, expiresAt: number): Promise<SendTarget>;
  /** How many bytes there are; 0 when there is nothing. */
  size(key: string): Promise<number>;
  /** Copies what was sent to a key of its own, which nobody else writes to. */
  seal(key: string, sealed: string): Promise<void>;
  /** The bytes from `start` to before `end`, all when left out; undefined when there is nothing. */
  read(key: string, range?: { start: number; end: number }): Promise<Readable | undefined>;
  /** Puts other bytes in the place of a sealed file, all at once. */
  replace(key: string, bytes: Uint8Array): Promise<void>;
  /** An address at which the store itself gives the file; left out by stores that are read through the server. */
  linkTo?(key: string, answer: FileAnswer): Promise<string>;
  /** Removes what is there, if anything is. */
  remove(key: string): Promise<void>;
}
