/** Tells when a page may have slept or lost its network; gives the function that ends it. Does nothing outside a browser. */
export function watchWakeUp(onWake: () => void, onNetwork: () => void): () => void {
  if (typeof window === "undefined") return () => {};
  const ending = new AbortController();
  const options = { signal: ending.signal };
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && onWake(), options);
  window.addEventListener("pageshow", onWake, options);
  window.addEventListener("online", () => (onNetwork(), onWake()), options);
  window.addEventListener("offline", onNetwork, options);
  return () => ending.abort();
}

/** Whether the browser says that there is no network. */
export function hasNoNetwork(): boolean {
  return typeof navigator !== "undefined" && navigator.onLine === false;
}
