import type { HistoryRecord } from "../history/record.ts";
import type { Ledger } from "./ledger.ts";

/** The invariants, by the promise they hold to account. */
export const invariants = {
  I1: "an acknowledged command is in the log, at the place that was acknowledged",
  I2: "a command has one effect at most, and a refused one has none",
  I3: "a log has no hole",
  I4: "every screen is the log up to some place, in its order",
  I5: "nothing was told that is not in the log",
  I6: "what was acknowledged before something else was asked comes before it",
  I7: "the commands of one client are in the order it asked",
  I8: "in the end every screen shows the same, which is the whole log",
  I9: "a connected client is never behind for long",
  I10: "a client that cannot go on from where it was is told, and loses nothing",
  I11: "what was asked is done in the end, or refused for a reason",
  I12: "what was used is given back",
} as const;
export type Invariant = keyof typeof invariants;

/** One thing that must not happen, and did. */
export interface Violation {
  invariant: Invariant;
  /** Whether it is a command that is lost, doubled or out of its place, for the table. */
  sort?: "lost" | "doubled" | "disordered";
  /** The command it is about, so that one which is lost on many screens counts once. */
  id?: string;
  detail: string;
}

/** A time in which nothing is promised to some clients: their own connection was the fault. */
export interface FaultWindow {
  from: number;
  to: number;
  /** All clients when left out. */
  clients?: readonly string[];
}

/** How far the resources of a server and its clients were from where they began. */
export interface ResourceUse {
  /** Bytes that the server's memory grew by. */
  rssGrowth: number;
  /** Connections the server still held for clients that were gone. */
  leftConnections: number;
  /** Commands that were still kept by clients which had nothing to do. */
  keptCommands: number;
}

/** Everything a run left behind. */
export interface Evidence {
  /** By time. */
  records: readonly HistoryRecord[];
  ledgers: ReadonlyMap<string, Ledger>;
  windows: readonly FaultWindow[];
  /** Clients that were killed, and when: what they did last may or may not have happened. */
  killed: readonly { client: string; at: number }[];
  /** Clients whose screens did not become the whole log in time. */
  stragglers: readonly string[];
  resources: ResourceUse;
}

/** Checks one invariant. */
export type Check = (evidence: Evidence) => Violation[];
