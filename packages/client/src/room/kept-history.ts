import type { CatchUp } from "@chat-widget/protocol";
import type { History } from "./history.js";

/** The history of whoever sits here: another one's is not theirs to see. */
export class KeptHistory {
  #key = "";
  #history: History | undefined;

  /** Whether it is kept under this key already. */
  isOf(key: string): boolean {
    return key === this.#key;
  }

  /** Goes on with the history of this key. Gives what was kept last, unless it is another one's turn by then. */
  async open(key: string, openHistory: () => Promise<History | undefined>): Promise<CatchUp | undefined> {
    this.#key = key;
    this.#history = undefined;
    const history = await openHistory();
    if (key !== this.#key) return undefined;
    this.#history = history;
    history?.changed();
    const kept = await history?.load();
    return history === this.#history ? kept : undefined;
  }

  changed(): void {
    this.#history?.changed();
  }

  /** Keeps what is not kept yet; from now on nothing is, until the next is opened. */
  close(): void {
    this.#history?.close();
    this.#history = undefined;
  }

  /** The same, and what is being opened is not wanted any more. */
  end(): void {
    this.close();
    this.#key = "";
  }
}
