import { Alarm, type Clock } from "../clock.js";

/** How often the clock is looked at; a step that takes twice as long is a hole: the machine slept. */
const stepMs = 5_000;

/** Tells when a machine or a page may have slept, or lost or found its network; gives the function that ends it. Outside a browser there is only the clock to tell. */
export function watchWakeUp(clock: Clock, onWake: () => void, onNetwork: () => void): () => void {
  const ending = new AbortController();
  let before = clock.now();
  const step = new Alarm(clock, () => {
    const now = clock.now();
    // Browsers slow the clock of hidden pages down; those wake up when they are shown.
    if (now - before > 2 * stepMs && !isHidden()) onWake();
    before = now;
    step.set(stepMs);
  });
  step.set(stepMs);
  ending.signal.addEventListener("abort", () => step.clear());
  if (typeof window !== "undefined") {
    const options = { signal: ending.signal };
    document.addEventListener("visibilitychange", () => isHidden() || onWake(), options);
    window.addEventListener("pageshow", onWake, options);
    window.addEventListener("online", onNetwork, options);
    window.addEventListener("offline", onNetwork, options);
  }
  return () => ending.abort();
}

function isHidden(): boolean {
  return typeof document !== "undefined" && document.visibilityState === "hidden";
}

/** Whether the browser says that there is no network. */
export function hasNoNetwork(): boolean {
  return typeof navigator !== "undefined" && navigator.onLine === false;
}
