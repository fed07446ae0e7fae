import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import type { UploadRecord } from "./upload-record.js";

/** How long an upload may take. */
export const sendMs = 3_600_000;
/** Links to one file are the same for so long, so that a page that asks again finds it in its cache; each is good for one to two times as long. */
const readMs = 300_000;

/** The addresses by which files go and come: each with a signature, good for one upload and a short while. */
export class UploadAddresses {
  readonly #key: Uint8Array;
  readonly #prefix: string;

  /** `secret` is the store's; `prefix` is what stands before the id. */
  constructor(secret: Uint8Array, prefix: string) {
    // A key of its own: nothing signed with it passes for anything else that is signed with the secret.
    this.#key = new Uint8Array(hkdfSync("sha256", secret, "", "chat-widget:uploads", 32));
    this.#prefix = prefix;
  }

  /** Where to send the bytes of an upload. Bound to it, its user, room and size. */
  toSend(id: string, record: UploadRecord): { url: string; expiresAt: number } {
    const expiresAt = record.at + sendMs;
    return { url: `uploads/${id}?until=${expiresAt}&ticket=${this.#sign(sendParts(id, record), expiresAt)}`, expiresAt };
  }

  maySend(id: string, record: UploadRecord, query: ReadonlyMap<string, string>, now: number): boolean {
    return this.#isSigned(sendParts(id, record), query.get("until"), query.get("ticket"), now);
  }

  /** Where to fetch a file. */
  toRead(id: string, now: number): { url: string; expiresAt: number } {
    const expiresAt = readExpiry(now);
    return { url: `${this.#prefix}uploads/${id}?until=${expiresAt}&key=${this.#sign(["read", id], expiresAt)}`, expiresAt };
  }

  mayRead(id: string, query: ReadonlyMap<string, string>, now: number): boolean {
    return this.#isSigned(["read", id], query.get("until"), query.get("key"), now);
  }

  #isSigned(parts: readonly string[], until: string | undefined, signature: string | undefined, now: number): boolean {
    // One spelling of a number, and one of a signature.
    if (until === undefined || signature === undefined || !/^[1-9]\d{0,15}$/.test(until) || Number(until) < now) return false;
    const [asked, right] = [Buffer.from(signature), Buffer.from(this.#sign(parts, Number(until)))];
    return asked.length === right.length && timingSafeEqual(asked, right);
  }

  #sign(parts: readonly string[], until: number): string {
    return createHmac("sha256", this.#key).update(JSON.stringify([...parts, until])).digest("base64url");
  }
}

/** Until when a link that is asked for now is good. */
export function readExpiry(now: number): number {
  return (Math.floor(now / readMs) + 2) * readMs;
}

function sendParts(id: string, { userId, roomId, size }: UploadRecord): string[] {
  return ["send", id, userId, roomId, String(size)];
}
