import { ChatError } from "@chat-widget/protocol";
import type { Appended } from "./chat-store.js";
import type { AppendOutcome, AppendRequest } from "./room-draft.js";

/** One read position to move. */
export interface ReceiptMove {
  roomId: string;
  userId: string;
  seq: number;
}

/** Commits everything in one transaction; the outcomes of the appends in their order. Rejects, with nothing stored, when it fails. */
export type Commit = (appends: readonly AppendRequest[], moves: readonly ReceiptMove[]) => Promise<AppendOutcome[]>;

interface Asked<What, Result> {
  what: What;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** Makes one transaction of everything that is asked in one turn of the event loop, or while the one before is committed: one wait for the disk, however many rooms. */
export class GroupCommit {
  readonly #commit: Commit;
  #appends: Asked<AppendRequest, Appended[]>[] = [];
  #moves: Asked<ReceiptMove, void>[] = [];
  #running: Promise<void> | undefined;

  constructor(commit: Commit) {
    this.#commit = commit;
  }

  append(what: AppendRequest): Promise<Appended[]> {
    return new Promise((resolve, reject) => {
      this.#appends.push({ what, resolve, reject });
      this.#start();
    });
  }

  move(what: ReceiptMove): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#moves.push({ what, resolve, reject });
      this.#start();
    });
  }

  /** Resolves when everything that was asked is done. */
  async settled(): Promise<void> {
    await this.#running;
  }

  #start(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    await new Promise(setImmediate);
    while (this.#appends.length + this.#moves.length > 0) await this.#commitAll(this.#appends.splice(0), this.#moves.splice(0));
    this.#running = undefined;
  }

  async #commitAll(appends: Asked<AppendRequest, Appended[]>[], moves: Asked<ReceiptMove, void>[]): Promise<void> {
    try {
      const outcomes = await this.#commit(appends.map(({ what }) => what), moves.map(({ what }) => what));
      for (const [index, { resolve, reject }] of appends.entries()) {
        const outcome = outcomes[index];
        if (outcome?.ok === true) resolve(outcome.results);
        else reject(outcome === undefined ? new Error("the transaction gave no outcome") : new ChatError(outcome.error));
      }
      for (const { resolve } of moves) resolve();
    } catch (error) {
      for (const { reject } of [...appends, ...moves]) reject(error);
    }
  }
}
