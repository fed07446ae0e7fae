import { acknowledgedIsKept } from "./acknowledged.ts";
import type { Check, Evidence, Invariant, Violation } from "./evidence.ts";
import { allShowTheSame } from "./finals.ts";
import { hasNoHole } from "./gapless.ts";
import { askedIsDone } from "./liveness.ts";
import { hasOneEffect } from "./once.ts";
import { keepsRealTime, keepsSessionOrder } from "./order.ts";
import { resetsAreHonest } from "./resets.ts";
import { nothingLeaks } from "./resources.ts";
import { screensAreTheLog } from "./screens.ts";
import { nobodyIsBehind } from "./staleness.ts";
import { toldIsKept } from "./told.ts";

/** Every invariant with its check. */
export const checks: Record<Invariant, Check> = {
  I1: acknowledgedIsKept,
  I2: hasOneEffect,
  I3: hasNoHole,
  I4: screensAreTheLog,
  I5: toldIsKept,
  I6: keepsRealTime,
  I7: keepsSessionOrder,
  I8: allShowTheSame,
  I9: nobodyIsBehind,
  I10: resetsAreHonest,
  I11: askedIsDone,
  I12: nothingLeaks,
};

/** Holds a run to every invariant. */
export function check(evidence: Evidence): Violation[] {
  return Object.values(checks).flatMap((run) => run(evidence));
}
