import { CatchUp } from "@chat-widget/protocol";
import { Alarm, type Clock } from "../clock.js";
import type { ClientStorage } from "../storage/client-storage.js";
import type { RoomLog } from "./room-log.js";

/** How long after a change the newest messages are kept. */
const keepAfterMs = 1_000;
const keptMessages = 50;
/** How many rooms are kept for one server: a page with a room for each article must not fill the visitor's disk. */
const keptRooms = 8;

/** Keeps the newest messages of one user and room, with the cursor they belong to, for the next page. Only to save time: whatever goes wrong, the server has them. */
export class History {
  readonly #storage: ClientStorage;
  readonly #log: RoomLog;
  readonly #name: string;
  readonly #key: string;
  readonly #keep: Alarm;

  constructor(storage: ClientStorage, clock: Clock, [server, userId, roomId]: readonly [server: string, userId: string, roomId: string], log: RoomLog) {
    this.#storage = storage;
    this.#log = log;
    this.#name = JSON.stringify([userId, roomId]);
    // A room has one place of a few, and moves out whoever had it before.
    this.#key = `history ${server} ${[...roomId].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003, 0) % keptRooms}`;
    this.#keep = new Alarm(clock, () => void this.#put());
  }

  /** What was kept last, in the form a server would give it. */
  async load(): Promise<CatchUp | undefined> {
    try {
      const kept = await this.#storage.get(this.#key);
      if (typeof kept !== "object" || kept === null || !("name" in kept && "log" in kept) || kept.name !== this.#name) return undefined;
      return CatchUp.safeParse(kept.log).data;
    } catch {
      return undefined;
    }
  }

  changed(): void {
    this.#keep.set(keepAfterMs);
  }

  /** Keeps at once what is not kept yet. */
  close(): void {
    if (this.#keep.isSet) void this.#put();
    this.#keep.clear();
  }

  async #put(): Promise<void> {
    const { cursor, messages, hasOlder } = this.#log;
    if (cursor === undefined) return;
    const { epoch, seq: head } = cursor;
    const log: CatchUp = { kind: "snapshot", epoch, head, reason: "first", messages: messages.slice(-keptMessages), hasOlder: hasOlder || messages.length > keptMessages };
    try {
      await this.#storage.set(this.#key, { name: this.#name, log });
    } catch {
      // The next page begins with what the server says.
    }
  }
}
