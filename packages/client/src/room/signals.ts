import type { CommandInput, Joined, Message, Presence, RoomEvent } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import type { AnyServerEvent } from "../server-link.js";
import { withPresenceChange } from "./presence.js";
import { Receipts } from "./receipts.js";
import type { RoomSnapshot } from "./snapshot.js";
import { type Standing, standingAfter, stranger } from "./standing.js";
import { Typing } from "./typing.js";

/** Tells the server something that is only true now: lost is lost. */
export type Whisper = <N extends "typing:set" | "receipt:move">(name: N, input: CommandInput<N>) => void;

type SignalsView = Standing & Pick<RoomSnapshot, "typing" | "typingCount" | "presence" | "receipts" | "unreadCount" | "unreadMentionCount" | "firstUnreadId">;

const nobody: Presence = { count: 0, users: [] };

/** What is true now in a room: who is here, who is typing, how far everyone has read, and what the user may do. */
export class Signals {
  readonly typing: Typing;
  readonly receipts: Receipts;
  presence = nobody;
  #standing = stranger;

  constructor(roomId: string, clock: Clock, whisper: Whisper, onChange: () => void) {
    this.typing = new Typing(clock, (isTyping) => whisper("typing:set", { roomId, isTyping }), onChange);
    this.receipts = new Receipts(clock, (seq) => whisper("receipt:move", { roomId, seq }));
  }

  /** The server let the user in. `epoch` is that of the log so far. */
  enter({ receipts, presence, permissions, settings, member, catchUp }: Joined, epoch: string | undefined, myId: string): void {
    this.presence = presence;
    this.#standing = { permissions, settings, member };
    const isAnotherLog = catchUp.epoch !== epoch || (catchUp.kind === "snapshot" && catchUp.reason === "ahead");
    if (isAnotherLog) this.receipts.reset();
    this.receipts.load(receipts, myId, catchUp.head);
  }

  /** Takes an event of the log. */
  apply(event: RoomEvent, myId: string | undefined): void {
    this.#standing = standingAfter(this.#standing, event, myId);
  }

  hear(event: AnyServerEvent): void {
    if (event.name === "typing:changed") this.typing.hear(event.payload.users, event.payload.count);
    else if (event.name === "presence:changed") this.presence = withPresenceChange(this.presence, event.payload);
    else if (event.name === "room:permissions") this.#standing = { ...this.#standing, permissions: event.payload.permissions };
    else if (event.name === "receipt:moved") this.receipts.hear(event.payload.receipts);
  }

  /** What a screen shows of it. */
  view(messages: readonly Message[], myId: string | undefined): SignalsView {
    const typing = this.typing.others(myId);
    const unread = this.receipts.unread(messages, myId);
    return {
      ...this.#standing,
      typing: typing.users,
      typingCount: typing.count,
      presence: this.presence,
      receipts: this.receipts.positions,
      unreadCount: unread.length,
      unreadMentionCount: unread.filter(({ mentions }) => mentions?.some((id) => id === myId)).length,
      firstUnreadId: unread[0]?.id,
    };
  }

  /** Somebody else sits here. */
  reset(): void {
    this.receipts.reset();
    this.presence = nobody;
    this.#standing = stranger;
  }

  close(): void {
    this.receipts.close();
    this.typing.close();
  }
}
