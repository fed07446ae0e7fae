import type { Clock } from "../../src/clock.js";

/** A clock that goes ten times as fast, so that tests need not wait for what takes seconds. */
export const fastClock: Clock = {
  now: () => Date.now() * 10,
  setTimeout: (callback, ms) => setTimeout(callback, ms / 10).unref(),
  clearTimeout: (timer) => clearTimeout(timer),
};
