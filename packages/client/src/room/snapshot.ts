import type { ChatError, Member, Message, Permission, Presence, Profile, RoomSettings } from "@chat-widget/protocol";

/** How far a message on the screen has come. Changes of it that are on their way show in the message itself. */
export type Delivery =
  | { state: "sent" }
  /** In the outbox; the server has not told of it yet. */
  | { state: "pending" }
  /** Being written by the application, and not stored yet; its text grows. */
  | { state: "streaming" }
  /** Refused for good; `retry` and `discard` take its `commandId`. */
  | { state: "failed"; commandId: string; error: ChatError };

/** One line of the conversation: a message, confirmed or on its way. */
export interface RoomMessage extends Message {
  readonly delivery: Delivery;
  /** Sent by the user of this client. */
  readonly isMine: boolean;
  /** It mentions the user of this client. */
  readonly mentionsMe: boolean;
  /** The message it answers, once known. Deleted ones have an empty text. */
  readonly quote: Message | undefined;
}

/** Everything a screen needs of one room, at one moment; immutable. An unchanged message keeps its identity. */
export interface RoomSnapshot {
  /** `joining` until the first answer; `failed` when the server refused for good, see `error`. */
  readonly phase: "joining" | "ready" | "failed";
  readonly error: ChatError | undefined;
  /** Confirmed messages by `seq`, then pending and failed ones in the order they were asked, then those that are still being written. */
  readonly messages: readonly RoomMessage[];
  /** While so much is unsent that no more is taken. */
  readonly isFull: boolean;
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  /** Others who are typing, up to five by name, and their whole number. */
  readonly typing: readonly Profile[];
  readonly typingCount: number;
  readonly presence: Presence;
  /** What the user may do here. A mute and slow mode take nothing away from it: they end by themselves, see `member` and `settings`. */
  readonly permissions: readonly Permission[];
  /** How the room is run. */
  readonly settings: RoomSettings;
  /** What the user is to the room; missing when there is nothing to say. */
  readonly member: Member | undefined;
  /** How far each user has read, by user id. */
  readonly receipts: ReadonlyMap<string, number>;
  /** Messages of others after the own read position, as far as loaded. */
  readonly unreadCount: number;
  /** How many of them mention the user. */
  readonly unreadMentionCount: number;
  /** The first of them; stays where it is until the room is marked read there. */
  readonly firstUnreadId: string | undefined;
}
