import { afterEach, beforeEach, expect } from "vitest";

/** Fails the tests of a file in which an error is left to nobody, which ends a process. */
export function expectNothingUnhandled(): void {
  const complaints: unknown[] = [];
  const complain = (what: unknown) => void complaints.push(what);

  beforeEach(() => {
    complaints.length = 0;
    for (const event of ["uncaughtException", "unhandledRejection"] as const) process.on(event, complain);
  });

  afterEach(() => {
    for (const event of ["uncaughtException", "unhandledRejection"] as const) process.off(event, complain);
    expect(complaints).toEqual([]);
  });
}
