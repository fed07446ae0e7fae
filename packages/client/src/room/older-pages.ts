import type { RoomLog } from "./room-log.js";

/** Loads the messages before the window, one page at a time. */
export class OlderPages {
  readonly #log: RoomLog;
  readonly #read: () => Promise<void>;
  readonly #onChange: () => void;
  #loading: Promise<void> | undefined;

  constructor(log: RoomLog, read: () => Promise<void>, onChange: () => void) {
    this.#log = log;
    this.#read = read;
    this.#onChange = onChange;
  }

  get isLoading(): boolean {
    return this.#loading !== undefined;
  }

  /** Does nothing when there are none; while a page is loading, the same promise. */
  load(): Promise<void> {
    if (!this.#log.hasOlder) return Promise.resolve();
    this.#loading ??= this.#read().finally(() => {
      this.#loading = undefined;
      this.#onChange();
    });
    // Nobody has to wait for it: it can be asked again.
    this.#loading.catch(() => undefined);
    this.#onChange();
    return this.#loading;
  }
}
