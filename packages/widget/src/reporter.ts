import { ChatError } from "@chat-widget/protocol";
import { badAttributes } from "./attributes.js";
import { changesBetween } from "./changes.js";
import { chatErrorOf } from "./chat-error-of.js";
import type { Announcer } from "./elements/announcer.js";
import { type ChatWidgetEvents, chatEvent } from "./events.js";
import type { Format } from "./format.js";
import type { Translation } from "./i18n/translation.js";
import type { ChatState } from "./parts/view.js";
import { isolated } from "./text/person.js";
import { reasonOf } from "./text/reason.js";

interface ReportingHost extends HTMLElement {
  readonly mode: string;
  readonly theme: string;
  readonly position: string;
}

/** Tells the page what happens by events, and the visitor who cannot see it by words. */
export class Reporter {
  readonly #host: ReportingHost;
  readonly #announcer: Announcer;
  readonly #format: Format;
  readonly #told = new Set<string>();

  constructor(host: ReportingHost, announcer: Announcer, format: Format) {
    this.#host = host;
    this.#announcer = announcer;
    this.#format = format;
  }

  /** False when a listener prevented it. */
  tell<Name extends keyof ChatWidgetEvents>(name: Name, detail: ChatWidgetEvents[Name]): boolean {
    return this.#host.dispatchEvent(chatEvent(name, detail));
  }

  /** What happened between two moments; said aloud when `words` are given. */
  report(previous: ChatState | undefined, next: ChatState, words: Translation | undefined): void {
    for (const change of changesBetween(previous, next)) {
      this.tell(change.name, change.detail);
      if (words === undefined) continue;
      if (change.name === "chat-message-received") {
        const { author, text } = change.detail.message;
        this.#format.withoutMarks(text, (plain) => this.#announcer.say(words.said(isolated(author.name), plain), words.newMessages));
      } else if (change.name === "chat-error") {
        this.#announcer.say(`${words.failed} ${reasonOf(change.detail.error, words)}`);
      } else if (change.name === "chat-status-changed" && previous !== undefined) {
        const { status } = change.detail;
        if (status === "reconnecting" || status === "offline") this.#announcer.say(words[status]);
        else if (status === "online" && previous.client.status !== "connecting" && previous.client.status !== "idle") this.#announcer.say(words.online);
      }
    }
  }

  /** Reports what is wrong with the element itself, each thing once. */
  reportProblems(problem: ChatError | undefined): void {
    const bad = badAttributes(this.#host).map((sentence) => new ChatError("invalid", `unable to follow an attribute; ${sentence}`));
    for (const error of problem === undefined ? bad : [...bad, problem]) {
      if (this.#told.has(error.message)) continue;
      this.#told.add(error.message);
      this.tell("chat-error", { error });
    }
  }

  /** Lets a problem be reported again when it comes again. */
  forgetProblems(): void {
    this.#told.clear();
  }

  /** Tells of something asked for that did not work. */
  fail(cause: unknown, words: Translation): void {
    const error = chatErrorOf(cause, "do what was asked");
    this.#announcer.show(reasonOf(error, words));
    this.tell("chat-error", { error });
  }
}
