import { type Attachment, ChatError, type Limits, type Message, type Profile, type StructuredData } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import type { ModerationDesk } from "../moderation/desk.js";
import type { PassedText } from "../policy/moderate.js";
import type { Room } from "../rooms/room.js";
import type { AnyWrite } from "./any-write.js";
import type { Append, EventDraft } from "../stores/chat-store.js";
import { fingerprintOf } from "../stores/fingerprint.js";
import type { AppEvents } from "./app-events.js";

/** What a text belongs to. */
export interface Reviewed {
  /** The message that is to have it. */
  message?: Message;
  /** The files that are sent with it. */
  attachments?: Attachment[];
}

/** Who writes to a room, and by which rules. */
export interface Writer {
  profile: Profile;
  /** Ids under which they wrote before. */
  formerIds?: readonly string[] | undefined;
  limits: Limits;
  clock: Clock;
  /** The application's own events. */
  events: AppEvents;
  /** Returns when it may be done, to a message or with an event of the application. @throws {ChatError} `forbidden` */
  demand(room: Room, command: AnyWrite["name"], message?: Message, event?: string): Promise<void>;
  /** Takes finished uploads for a message, for good. @throws {ChatError} `forbidden` */
  attach(room: Room, messageId: string, uploadIds: readonly string[]): Promise<Attachment[]>;
  /** Returns when the message of this id may be sent already, in a room in slow mode. @throws {ChatError} `rate-limited` */
  takeTurn(room: Room, id: string): Promise<void>;
  /** What is to be stored of a text that was written. @throws {ChatError} `refused` */
  review(room: Room, command: "message:send" | "message:edit", text: string, about?: Reviewed): Promise<PassedText>;
  /** The data to be stored for what was sent. @throws {ChatError} `forbidden` or `refused` */
  checkData(data: StructuredData): Promise<StructuredData>;
  /** What kind of message is sent; undefined for what users say. */
  kind?: "system" | undefined;
  desk: ModerationDesk;
  /** What the one who asked is told of an error; one that nobody expected is logged. */
  explain(error: unknown): ChatError;
}

/** An append, and what is to be done once it is stored. */
export type DraftedAppend = Append & { onStored?: () => void };

/** An append for a draft. `content` is what makes the command differ from another of the same id. */
export function appendOf(writer: Writer, draft: EventDraft, content: readonly unknown[]): Append {
  return { draft, at: writer.clock.now(), fingerprint: fingerprintOf(draft.type, content) };
}

/** Refuses a text that is too long. The schema has made it tidy before. @throws {ChatError} `too-large` */
export function checkSize(text: string, { textBytes }: Limits): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > textBytes) {
    throw new ChatError("too-large", `unable to take the text; it has ${bytes} bytes and ${textBytes} are allowed`, { details: { limit: textBytes } });
  }
}
