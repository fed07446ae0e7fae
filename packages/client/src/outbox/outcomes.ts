import { ChatError, type RoomEvent } from "@chat-widget/protocol";

interface Waiting {
  resolve(event: RoomEvent | undefined): void;
  reject(error: ChatError): void;
}

/** Who waits to learn what became of a command that was asked on this page. */
export class Outcomes {
  readonly #waiting = new Map<string, Waiting>();

  /** Resolves with the event it became, if it changed anything. */
  expect(id: string): Promise<RoomEvent | undefined> {
    const outcome = new Promise<RoomEvent | undefined>((resolve, reject) => void this.#waiting.set(id, { resolve, reject }));
    // Nobody has to wait for it: a failure shows in the snapshot.
    outcome.catch(() => undefined);
    return outcome;
  }

  isExpected(id: string): boolean {
    return this.#waiting.has(id);
  }

  done(id: string, event: RoomEvent | undefined): void {
    this.#waiting.get(id)?.resolve(event);
    this.#waiting.delete(id);
  }

  failed(id: string, error: ChatError): void {
    this.#waiting.get(id)?.reject(error);
    this.#waiting.delete(id);
  }

  /** It will not be known here; those of `except` are still to be expected. */
  giveUp(reason: string, except: readonly string[] = []): void {
    const error = new ChatError("unavailable", `unable to wait for the outcome; ${reason}`);
    for (const id of this.#waiting.keys()) if (!except.includes(id)) this.failed(id, error);
  }
}
