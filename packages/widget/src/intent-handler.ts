import type { ChatController } from "./chat-controller.js";
import type { Announcer } from "./elements/announcer.js";
import type { Words } from "./i18n/words.js";
import type { Intent } from "./intents.js";
import type { Reader } from "./reader.js";
import type { Reporter } from "./reporter.js";
import type { Writer, Written } from "./writer.js";

interface IntentHost extends HTMLElement {
  readonly renderRoot: HTMLElement | DocumentFragment;
  requestUpdate(): void;
  close(): void;
  toggle(): void;
}

/** Who can do what. */
interface Parts {
  readonly chat: ChatController;
  readonly writer: Writer;
  readonly reader: Reader;
  readonly reporter: Reporter;
  readonly announcer: Announcer;
  readonly words: Words;
}

/** Does what is wanted below: hands each intent to whom it concerns. */
export class IntentHandler {
  readonly #host: IntentHost;
  readonly #by: Parts;
  /** Whether a guest is choosing another name. */
  isRenaming = false;

  constructor(host: IntentHost, by: Parts) {
    this.#host = host;
    this.#by = by;
  }

  /** False when it was not done. */
  handle(intent: Intent): boolean {
    const { chat, writer, reader, reporter, announcer, words } = this.#by;
    switch (intent.type) {
      case "submit":
        if (!this.written(writer.submit(intent.text))) return false;
        break;
      case "reply":
      case "edit":
        writer.target = { kind: intent.type, message: intent.message };
        break;
      case "rewrite":
        // The box holds the words of another message.
        if (writer.target?.kind === "edit") return false;
        chat.ask({ type: "discard", commandId: intent.commandId });
        this.#host.renderRoot.querySelector("chat-widget-composer")?.write(intent.message.text);
        break;
      case "fail":
        reporter.fail(intent.cause, words.words);
        break;
      case "edit-last":
        writer.editLast();
        break;
      case "cancel-target":
        writer.target = undefined;
        break;
      case "read":
        reader.read();
        break;
      case "rename-open":
        this.#attempt(this.#openRename());
        break;
      case "say":
        announcer.show(intent.text);
        break;
      case "restart":
        reporter.forgetProblems();
        chat.restart();
        break;
      case "close":
        this.#host.close();
        break;
      case "toggle":
        this.#host.toggle();
        break;
      default:
        if (intent.type === "rename") this.isRenaming = false;
        this.#attempt(chat.ask(intent));
    }
    this.#host.requestUpdate();
    return true;
  }

  /** Goes on after something was written: to the end for a new message, to the reason when an edit is refused. False when it was not taken. */
  written(outcome: Written): boolean {
    if (outcome instanceof Promise) this.#attempt(outcome);
    if (outcome === "sent") {
      this.#by.reader.unreadFrom = undefined;
      this.#host.renderRoot.querySelector("chat-widget-list")?.scrollToEnd();
    }
    return outcome !== "refused";
  }

  async #openRename(): Promise<void> {
    const { defineRenameForm } = await import("./elements/rename-form.js");
    defineRenameForm();
    this.isRenaming = true;
    this.#host.requestUpdate();
  }

  #attempt(asked: Promise<unknown> | undefined): void {
    asked?.catch((cause: unknown) => this.#by.reporter.fail(cause, this.#by.words.words));
  }
}
