import { en } from "./en.js";
import { localeOf, translationOf } from "./languages.js";
import type { Translation } from "./translation.js";

interface SpeakingHost extends HTMLElement {
  requestUpdate(): void;
  translation: Partial<Translation> | undefined;
}

/** What the element says, in the language of the page around it; English until another has come. */
export class Words {
  readonly #host: SpeakingHost;
  #base = en;
  #overrides: Partial<Translation> | undefined;
  #words = en;
  #lang = "";

  constructor(host: SpeakingHost) {
    this.#host = host;
  }

  /** For `Intl`. */
  get lang(): string {
    return this.#lang;
  }

  get words(): Translation {
    const { translation } = this.#host;
    if (translation !== this.#overrides) {
      this.#overrides = translation;
      this.#words = { ...this.#base, ...translation };
    }
    return this.#words;
  }

  /** Looks what language it is to be; before each drawing. */
  follow(): void {
    const lang = localeOf(this.#host.lang || this.#host.closest("[lang]")?.getAttribute("lang") || document.documentElement.lang || navigator.language);
    if (lang === this.#lang) return;
    this.#lang = lang;
    // Without the network it stays as it is.
    this.#load(lang).catch(() => undefined);
  }

  async #load(lang: string): Promise<void> {
    const base = await translationOf(lang);
    if (lang !== this.#lang || base === this.#base) return;
    this.#base = base;
    this.#words = { ...base, ...this.#overrides };
    this.#host.requestUpdate();
  }
}
