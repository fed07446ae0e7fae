import type { Room, RoomMessage } from "@chat-widget/client";
import { messageDigest } from "../history/digest.ts";
import type { Note } from "../history/history.ts";
import type { Line, WholeLine } from "../history/record.ts";
import type { ScreenState } from "./participant.ts";

const patienceMs = 10_000;
const digests = new WeakMap<RoomMessage, number>();

/** What one room shows one reader, and what of it was noted. */
export class Screen {
  readonly room: Room;
  readonly #note: Note;
  /** The last event of each line as it was noted. */
  #noted = new Map<string, number>();
  #seen: unknown;
  /** Lines with own changes on them, which show before they are confirmed. */
  readonly #hidden: Set<string>;
  #newlyHidden: string[];

  /** `hidden`: the ids of lines with changes on them that were asked before the page began. */
  constructor(room: Room, note: Note, hidden: readonly string[]) {
    this.room = room;
    this.#note = note;
    this.#hidden = new Set(hidden);
    this.#newlyHidden = [...this.#hidden];
  }

  /** From now on this line shows what is not confirmed yet. */
  hide(id: string): void {
    if (this.#hidden.has(id)) return;
    this.#hidden.add(id);
    this.#newlyHidden.push(id);
  }

  /** Notes what changed since the last look. */
  look(): void {
    const snapshot = this.room.getSnapshot();
    if (snapshot === this.#seen || snapshot.phase !== "ready") return;
    this.#seen = snapshot;
    const confirmed = snapshot.messages.filter(isConfirmed);
    const before = this.#noted;
    this.#noted = new Map(confirmed.map(({ id, rev }) => [id, rev]));
    const lines = confirmed.filter(({ id, rev }) => before.get(id) !== rev && !this.#hidden.has(id)).map(({ id, seq, rev }): Line => [id, seq, rev]);
    if (lines.length === 0 && this.#newlyHidden.length === 0) return;
    this.#note({ kind: "view", room: this.room.id, from: confirmed[0]?.seq ?? 0, count: confirmed.length, lines, opaque: this.#newlyHidden });
    this.#newlyHidden = [];
  }

  /** Resolves when the server has let us in, or after so long that the end will show that it did not. */
  async opened(): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (this.room.getSnapshot().phase !== "ready" && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  state(): ScreenState {
    const { messages } = this.room.getSnapshot();
    const confirmed = messages.filter(isConfirmed);
    const sum = confirmed.reduce((sum, line) => (sum + digestOf(line)) >>> 0, 0);
    return { room: this.room.id, from: confirmed[0]?.seq ?? 0, count: confirmed.length, sum, pending: messages.length - confirmed.length };
  }

  finish(): void {
    const { messages } = this.room.getSnapshot();
    const lines = messages.filter(isConfirmed).map((line): WholeLine => [line.id, line.seq, line.rev, digestOf(line)]);
    this.#note({ kind: "final", room: this.room.id, from: lines[0]?.[1] ?? 0, lines, pending: messages.length - lines.length });
  }
}

function isConfirmed({ delivery }: RoomMessage): boolean {
  return delivery.state === "sent";
}

/** Lines that did not change are the same objects, so each is digested once. */
function digestOf(line: RoomMessage): number {
  const known = digests.get(line) ?? messageDigest(line);
  digests.set(line, known);
  return known;
}
