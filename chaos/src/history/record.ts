/** One event as a client heard it: place, id, digest of the content. */
export type Heard = readonly [seq: number, id: string, digest: number];

/** One confirmed line of a screen: id, place, last event it holds. */
export type Line = readonly [id: string, seq: number, rev: number];

/** One confirmed line with the digest of everything a reader sees of it. */
export type WholeLine = readonly [id: string, seq: number, rev: number, digest: number];

/** What happened at one client, in a room unless it is about the connection. */
export type Happening =
  /** The user asked; `type` is of the event it shall become. */
  | { kind: "ask"; room: string; id: string; type: string; digest: number }
  /** The server acknowledged, with the place in the log, or without when there was nothing to change. */
  | { kind: "ack"; room: string; id: string; seq?: number }
  /** The user was told that it is done. */
  | { kind: "done"; room: string; id: string }
  /** The user was told that it will not be done. */
  | { kind: "fail"; room: string; id: string; code: string }
  /** The server told events: pushed, or read to catch up. */
  | { kind: "hear"; room: string; epoch: string; events: readonly Heard[] }
  /** The server could not go on from where the client stood and gave a snapshot. */
  | { kind: "reset"; room: string; reason: string; after: number; head: number }
  /** The screen changed: its first place, how many confirmed lines it has, those that are new or changed, and those that cannot be judged because own changes show in them. */
  | { kind: "view"; room: string; from: number; count: number; lines: readonly Line[]; opaque: readonly string[] }
  /** What the screen shows at the end, in its order, and how many lines are not confirmed. */
  | { kind: "final"; room: string; from: number; lines: readonly WholeLine[]; pending: number }
  /** The connection is there, or not. */
  | { kind: "link"; isUp: boolean };

/** A line of a history. */
export type HistoryRecord = Happening & {
  /** Milliseconds of a clock that all processes of the machine share and nobody sets. */
  at: number;
  client: string;
};
