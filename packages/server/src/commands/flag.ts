import type { Message } from "@chat-widget/protocol";
import type { Room } from "../rooms/room.js";
import type { Append, EventDraft } from "../stores/chat-store.js";
import type { DraftedAppend, Writer } from "./draft.js";

/** A draft that brings a text. */
export type TextDraft = Extract<EventDraft, { type: "message.sent" | "message.edited" }>;

/** An append whose text is reported in the same transaction, if the rules of the application flagged it. `message` is the one that it edits. */
export function flagged(writer: Writer, room: Room, append: Append, draft: TextDraft, flag: string | undefined, message?: Message): DraftedAppend {
  if (flag === undefined) return append;
  const { desk, profile } = writer;
  const messageId = draft.type === "message.sent" ? draft.id : draft.messageId;
  const about = { roomId: room.id, messageId, author: message?.author ?? profile, text: draft.text, ...(message !== undefined && { seq: message.seq, editedAt: append.at }) };
  const { report, writes } = desk.reports.flag(about, append.at, flag);
  return { ...append, records: [...(append.records ?? []), ...writes], onStored: () => desk.filed(report) };
}
