import type { Siblings } from "./client-storage.js";

/** How long a page waits for its turn: a little longer than any answer of a server is waited for. */
const patienceMs = 10_000;
/** How long it waits once that was in vain, until it gets a turn again. */
const impatienceMs = 50;

/** Meets the pages of this origin that have the same name in use: by BroadcastChannel, and by Web Locks where the page is on https. */
export function meetPages(name: string, hear: (news: unknown) => void): Siblings {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => hear(data);
  let isInVain = false;
  const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
  return {
    tell: (news) => channel.postMessage(news),
    async turn(atMostMs) {
      if (locks === undefined) return () => {};
      const waiting = new AbortController();
      const timer = setTimeout(() => waiting.abort(), isInVain ? impatienceMs : patienceMs);
      const end = await new Promise<() => void>((begin) => {
        locks
          .request(name, { signal: waiting.signal }, () => new Promise<void>((end) => begin(end)))
          // Not in time, or not at all: what is done twice has one effect.
          .catch(() => begin(() => {}));
      });
      clearTimeout(timer);
      isInVain = waiting.signal.aborted;
      if (atMostMs !== undefined) setTimeout(end, atMostMs);
      return end;
    },
    leave: () => channel.close(),
  };
}
