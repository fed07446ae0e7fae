import type { CommandInput, Message, Presence } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import type { AnyServerEvent } from "../server-link.js";
import { withPresenceChange } from "./presence.js";
import { Receipts } from "./receipts.js";
import type { RoomSnapshot } from "./snapshot.js";
import { Typing } from "./typing.js";

/** Tells the server something that is only true now: lost is lost. */
export type Whisper = <N extends "typing:set" | "receipt:move">(name: N, input: CommandInput<N>) => void;

type SignalsView = Pick<RoomSnapshot, "typing" | "typingCount" | "presence" | "receipts" | "unreadCount" | "firstUnreadId">;

const nobody: Presence = { count: 0, users: [] };

/** What is only true now in a room: who is here, who is typing, and how far everyone has read. */
export class Signals {
  readonly typing: Typing;
  readonly receipts: Receipts;
  presence = nobody;

  constructor(roomId: string, clock: Clock, whisper: Whisper, onChange: () => void) {
    this.typing = new Typing(clock, (isTyping) => whisper("typing:set", { roomId, isTyping }), onChange);
    this.receipts = new Receipts(clock, (seq) => whisper("receipt:move", { roomId, seq }));
  }

  hear(event: AnyServerEvent): void {
    if (event.name === "typing:changed") this.typing.hear(event.payload.users, event.payload.count);
    else if (event.name === "presence:changed") this.presence = withPresenceChange(this.presence, event.payload);
    else if (event.name === "receipt:moved") this.receipts.hear(event.payload.receipts);
  }

  /** What a screen shows of it. */
  view(messages: readonly Message[], myId: string | undefined): SignalsView {
    const typing = this.typing.others(myId);
    const unread = this.receipts.unread(messages, myId);
    return { typing: typing.users, typingCount: typing.count, presence: this.presence, receipts: this.receipts.positions, unreadCount: unread.length, firstUnreadId: unread[0]?.id };
  }

  /** Somebody else sits here. */
  reset(): void {
    this.receipts.reset();
    this.presence = nobody;
  }

  close(): void {
    this.receipts.close();
    this.typing.close();
  }
}
