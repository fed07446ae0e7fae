import type { EventDefinitions, Message, NoEvents, Version } from "@chat-widget/protocol";
import type { Attach } from "./attach.js";
import type { RoomModeration } from "./moderation.js";
import type { LookBack } from "./look-back.js";
import type { Draft } from "./draft.js";
import type { RoomPeople } from "./people.js";
import type { RoomEvents } from "./room-events.js";
import type { RoomSnapshot } from "./snapshot.js";
import type { Thread } from "./thread-snapshot.js";

/** One room, as the application sees it. */
export interface Room<E extends EventDefinitions = NoEvents> extends LookBack, Attach, RoomEvents<E> {
  readonly id: string;
  /** Everything a screen needs, now. The same object until something changes. */
  getSnapshot(): RoomSnapshot;
  /** Calls back after changes, at most once a turn; gives the function that ends it. */
  subscribe(listener: () => void): () => void;
  /**
   * Sends a message, whose text may be empty beside attachments; it is in the snapshot at once. Resolves when the server has it. The promise may be ignored: a failure shows in the snapshot.
   * @throws {ChatError} as a rejection, when the server refuses it for good or a limit is exceeded
   */
  send(draft: Draft): Promise<Message>;
  /** Gives an own message a new text that mentions these users and no others, at once in the snapshot; falls back when it is refused, and rejects. */
  edit(messageId: string, text: string, mentions?: string[]): Promise<void>;
  /** Deletes a message for good, a message of somebody else if need be with a reason that everybody reads; at once in the snapshot; falls back when it is refused, and rejects. */
  delete(messageId: string, publicReason?: string): Promise<void>;
  /** Sets or takes away an emoji, at once in the snapshot; falls back when it is refused, and rejects. */
  react(messageId: string, emoji: string, on: boolean): Promise<void>;
  /** Sends a failed message again, behind what was sent since; should the server have it after all, it stays one message. */
  retry(commandId: string): void;
  /** Forgets a failed message. */
  discard(commandId: string): void;
  /** Says that everything up to `seq` was read; without it, everything confirmed. */
  markRead(seq?: number): void;
  /** Says that the user is typing; to be called at every key, it is told now and then. Ends by itself. */
  setTyping(isTyping: boolean): void;
  /** Loads the messages before the first; does nothing when there are none, or while it is loading. */
  loadOlder(): Promise<void>;
  /** Pins a message for everybody in the room, or takes the pin off; the snapshot shows it when the server says so. @throws {ChatError} as a rejection */
  pin(messageId: string, on: boolean): Promise<void>;
  /** Reads the pinned messages of the room, the last pinned first. @throws {ChatError} as a rejection */
  pinned(): Promise<Message[]>;
  /** Reads what a message said since it was sent, oldest first; for its author and those who have the permission `read-history`. @throws {ChatError} as a rejection */
  versions(messageId: string): Promise<Version[]>;
  /** Takes the thread below a message, which has to be released like the room. Fetches the code for it first. */
  thread(rootId: string): Promise<Thread>;
  /** Who belongs to the room, and how it is run; loaded when it is first used. */
  people(): Promise<RoomPeople>;
  /** How the room is kept decent: reports, and what moderators do. Loaded when it is first asked for. */
  moderation(): Promise<RoomModeration>;
  /** Gives the room back; it is left when everybody who took it has. */
  release(): void;
}
