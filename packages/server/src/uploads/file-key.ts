import { randomUUID } from "node:crypto";
import { ChatError } from "@chat-widget/protocol";

/** Names what a client sends for an upload. */
export function sentKey(uploadId: string): string {
  return `sent/${uploadId}`;
}

/** A new name for a copy that only the server writes. */
export function keptKey(): string {
  return `kept/${randomUUID()}`;
}

/** Refuses what could lead elsewhere. @throws {ChatError} `internal` */
export function checkKey(key: string): void {
  if (!/^(?:sent|kept)\/[\da-f-]{36}$/.test(key)) throw new ChatError("internal", "unable to find a file; its key is not one of ours");
}
