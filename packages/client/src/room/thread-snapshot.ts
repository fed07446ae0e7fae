import type { ChatError, Message } from "@chat-widget/protocol";
import type { Draft } from "./draft.js";
import type { RoomMessage } from "./snapshot.js";

/** Everything a screen needs of one thread, at one moment; immutable. An unchanged message keeps its identity. */
export interface ThreadSnapshot {
  /** `loading` until the first answer; `failed` when the server refused for good, see `error`. */
  readonly phase: "loading" | "ready" | "failed";
  readonly error: ChatError | undefined;
  /** The message it hangs below, once known. */
  readonly root: RoomMessage | undefined;
  /** Confirmed replies by `seq`, then pending and failed ones in the order they were asked. */
  readonly messages: readonly RoomMessage[];
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  /** Replies of others after the own read position in the thread, as far as loaded. */
  readonly unreadCount: number;
  /** The first of them. */
  readonly firstUnreadId: string | undefined;
}

/** One thread, as the application sees it. What is done to its messages goes by the room: `edit`, `delete`, `react`, `retry`, `discard`. */
export interface Thread {
  /** The id of its root. */
  readonly id: string;
  /** Everything a screen needs, now. The same object until something changes. */
  getSnapshot(): ThreadSnapshot;
  /** Calls back after changes, at most once a turn; gives the function that ends it. */
  subscribe(listener: () => void): () => void;
  /** Sends a reply, as `room.send` sends a message. */
  send(draft: Omit<Draft, "threadId">): Promise<Message>;
  /** Loads the replies before the first; does nothing when there are none, or while it is loading. */
  loadOlder(): Promise<void>;
  /** Says that every reply up to `seq` was read, on all devices of the user; without it, everything confirmed. The room's own read position stays where it is. */
  markRead(seq?: number): void;
  /** Ends it; it changes no more. */
  release(): void;
}
