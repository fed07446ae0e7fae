import { createHash } from "node:crypto";
import type { ChatError, Limits, Message, Profile, WriteCommandName } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import type { Room } from "../rooms/room.js";
import type { Append, EventDraft } from "../stores/chat-store.js";

/** Who writes to a room, and by which rules. */
export interface Writer {
  profile: Profile;
  limits: Limits;
  clock: Clock;
  /** Returns when it may be done. @throws {ChatError} `forbidden` */
  demand(room: Room, command: WriteCommandName, message?: Message): Promise<void>;
  /** What the one who asked is told of an error; one that nobody expected is logged. */
  explain(error: unknown): ChatError;
}

/** An append for a draft. `content` is what makes the command differ from another of the same id. */
export function appendOf(writer: Writer, draft: EventDraft, content: readonly (string | undefined)[]): Append {
  const canonical = JSON.stringify([draft.type, ...content.map((part) => part ?? null)]);
  return { draft, at: writer.clock.now(), fingerprint: createHash("sha256").update(canonical).digest("base64url") };
}
