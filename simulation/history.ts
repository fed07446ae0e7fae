import type { ChatError, Message } from "@chat-widget/protocol";

/** One wish of a visitor and what came of it. */
export interface Asked {
  tab: string;
  roomId: string;
  /** Every message has a text of its own. */
  text: string;
  askedAt: number;
  /** The answer; without one nobody knows. */
  answer?: { at: number; message: Message } | { at: number; error: ChatError };
}

/** What was sent and answered, in the order it was asked. */
export class History {
  readonly sent: Asked[] = [];
  /** Other commands: their number, and how they ended. */
  changes = { asked: 0, done: 0, refused: new Map<string, number>() };

  get acknowledged(): Asked[] {
    return this.sent.filter(({ answer }) => answer !== undefined && "message" in answer);
  }
}
