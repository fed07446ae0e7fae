import { ChatError } from "@chat-widget/protocol";
import type { ChatController } from "./chat-controller.js";
import type { Target } from "./parts/panel.js";
import type { Reporter } from "./reporter.js";
import { byteLength } from "./text/byte-length.js";

/** What became of written words: not taken, a message of its own, nothing to do, or a change to be waited for. */
export type Written = "refused" | "sent" | "unchanged" | Promise<void>;

/** Sends what is written, to the room or into the message it is about. */
export class Writer {
  readonly #chat: ChatController;
  readonly #reporter: Reporter;
  /** What the words in the box are about; nothing for a message of its own. */
  target: Target | undefined;
  /** What stands in the box of each room. */
  readonly drafts = new Map<string, string>();

  constructor(chat: ChatController, reporter: Reporter) {
    this.#chat = chat;
    this.#reporter = reporter;
  }

  /** Sends the words of the box. */
  submit(text: string): Written {
    const { target } = this;
    const { room } = this.#chat;
    if (target?.kind !== "edit") return this.send(text, target?.message.id);
    if (room === undefined) return "refused";
    this.target = undefined;
    const { message } = target;
    if (text === message.text) return "unchanged";
    return room.edit(message.id, text).catch((error: unknown) => {
      // The words are not lost, unless the visitor is at something else, or in another room, by now.
      if (this.#chat.room === room) this.target ??= { kind: "edit", message, text };
      throw error;
    });
  }

  /** Sends a message. What is not taken is not in the list, and stays in the box. */
  send(text: string, replyTo?: string): Written {
    const { room, state } = this.#chat;
    if (room === undefined || state === undefined || state.room.isFull) return "refused";
    const problem = problemOf(text, state.client.limits.textBytes);
    if (problem !== undefined) this.#reporter.tell("chat-error", { error: problem });
    if (problem !== undefined || !this.#reporter.tell("chat-before-send", { text, replyTo })) return "refused";
    // A message that cannot be sent stays in the list and says so; there is nothing to catch.
    void room.send({ text, ...(replyTo !== undefined && { replyTo }) });
    if (replyTo === this.target?.message.id) this.target = undefined;
    return "sent";
  }

  /** Takes the visitor's last message back into the box. */
  editLast(): void {
    const { room } = this.#chat.state ?? {};
    const message = room?.messages.findLast(({ isMine, deletedAt, delivery }) => isMine && deletedAt === undefined && delivery.state === "sent");
    if (message !== undefined && room?.permissions.includes("edit-own") === true) this.target = { kind: "edit", message };
  }
}

/** A page may send what no box would. */
function problemOf(text: unknown, textBytes: number): ChatError | undefined {
  if (typeof text !== "string" || text.trim() === "") return new ChatError("invalid", "unable to send; there is no text");
  return byteLength(text) > textBytes ? new ChatError("too-large", `unable to send; the text has more than ${textBytes} bytes`) : undefined;
}
