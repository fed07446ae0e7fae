import { openSync, readFileSync, writeSync } from "node:fs";
import type { Happening, HistoryRecord } from "./record.ts";

/** Milliseconds of the machine's steady clock, which all its processes share. */
export function steadyNow(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

/** Notes what happens at one client. */
export type Note = (happening: Happening) => void;

/** Writes a history; each line is in the file before `note` returns, so that a killed process leaves all it knew. */
export class HistoryWriter {
  readonly #file: number;

  constructor(filename: string) {
    this.#file = openSync(filename, "a");
  }

  of(client: string): Note {
    return (happening) => void writeSync(this.#file, `${JSON.stringify({ at: steadyNow(), client, ...happening })}\n`);
  }
}

/** Reads histories of several processes as one, by time. The last line of a process that was killed may be half. */
export function readHistories(filenames: readonly string[]): HistoryRecord[] {
  const records = filenames.flatMap((filename) => {
    const lines = readFileSync(filename, "utf8").split("\n");
    lines.pop();
    return lines.map((line): HistoryRecord => JSON.parse(line));
  });
  return records.sort((a, b) => a.at - b.at);
}
