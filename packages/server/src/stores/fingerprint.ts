import { createHash } from "node:crypto";
import type { EventDraft } from "./chat-store.js";

/** A digest of what a command asked for. `content` is what makes it differ from another of the same id. */
export function fingerprintOf(type: EventDraft["type"], content: readonly unknown[]): string {
  const canonical = JSON.stringify([type, ...content.map((part) => part ?? null)]);
  return createHash("sha256").update(canonical).digest("base64url");
}
