import type { Note } from "../history/history.ts";
import type { Random } from "../random.ts";
import type { FileStorage } from "./file-storage.ts";
import type { TransportFaults } from "./push-faults.ts";
import type { Person } from "./worker-setup.ts";

/** Where a participant sits. */
export interface Place extends Person {
  /** Shared by the tabs of one person. */
  storage: FileStorage;
  /** Tells the texts of one life of the process from those of another. */
  life: string;
  note: Note;
  random: Random;
}

/** What a screen shows, short enough to be compared often. */
export interface ScreenState {
  room: string;
  /** The place of the first confirmed line. */
  from: number;
  count: number;
  /** The digests of the confirmed lines, added up. */
  sum: number;
  /** Lines that are not confirmed. */
  pending: number;
}

/** How far a participant is. */
export interface ParticipantState {
  /** Wishes that it was not told the end of. */
  open: number;
  /** Commands that are kept in its storage. */
  kept: number;
  screens: ScreenState[];
}

/** Whoever takes part in a chat, over whatever client. */
export interface Participant {
  readonly name: string;
  /** May be changed at any time. */
  readonly faults: TransportFaults;
  /** Asks one thing. */
  act(): void;
  /** Notes what changed on the screens. */
  look(): void;
  /** The page is thrown away and opened again. */
  reload(): Promise<void>;
  state(): ParticipantState;
  /** Notes everything each screen shows, all history loaded first if so wished. */
  finish(isWhole: boolean): Promise<void>;
  close(): Promise<void>;
}
