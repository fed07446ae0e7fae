import type { ChatController } from "./chat-controller.js";
import type { Target } from "./parts/panel.js";
import type { Reporter } from "./reporter.js";

/** Sends what is written, to the room or into the message it is about. */
export class Writer {
  readonly #chat: ChatController;
  readonly #reporter: Reporter;
  /** What the words in the box are about; nothing for a message of its own. */
  target: Target | undefined;

  constructor(chat: ChatController, reporter: Reporter) {
    this.#chat = chat;
    this.#reporter = reporter;
  }

  /** Sends the words of the box. Gives what is to be waited for, or false when they were not taken. */
  submit(text: string): Promise<unknown> | boolean {
    const { target } = this;
    if (target?.kind !== "edit") return this.send(text, target?.message.id);
    const { id, text: before } = target.message;
    this.target = undefined;
    return text === before || (this.#chat.room?.edit(id, text) ?? false);
  }

  /** Sends a message; false when a listener prevented it or there is no room. */
  send(text: string, replyTo?: string): boolean {
    const { room } = this.#chat;
    // Words that are not taken stay in the box.
    if (room === undefined || room.getSnapshot().isFull || !this.#reporter.tell("chat-before-send", { text, replyTo })) return false;
    // A message that cannot be sent stays in the list and says so; there is nothing to catch.
    void room.send({ text, ...(replyTo !== undefined && { replyTo }) });
    if (replyTo === this.target?.message.id) this.target = undefined;
    return true;
  }

  /** Takes the visitor's last message back into the box. */
  editLast(): void {
    const { room } = this.#chat.state ?? {};
    const message = room?.messages.findLast(({ isMine, deletedAt, delivery }) => isMine && deletedAt === undefined && delivery.state === "sent");
    if (message !== undefined && room?.permissions.includes("edit-own") === true) this.target = { kind: "edit", message };
  }
}
