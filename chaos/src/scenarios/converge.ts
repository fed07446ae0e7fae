import { ledgersOf, type Ledger } from "../checker/ledger.ts";
import { steadyNow } from "../history/history.ts";
import { roomNames, type Arena } from "./arena.ts";

const intervalMs = 150;

/** Waits until every client shows the whole log and has nothing open; says how long it took and who did not. */
export async function converge(arena: Arena, patienceMs: number): Promise<{ convergeMs: number; stragglers: string[] }> {
  const began = steadyNow();
  for (;;) {
    // The end is as the clients were before the store was read, or later: never earlier.
    const [at, states] = [steadyNow(), (await Promise.all(arena.workers.map((worker) => worker.ask("state")))).flat()];
    const isSettled = states.every(({ open, kept, screens }) => open + kept + screens.reduce((sum, { pending }) => sum + pending, 0) === 0);
    const isLate = at - began > patienceMs;
    if (isSettled || isLate) {
      const ledgers = ledgersOf(await arena.node.ask("dump", roomNames));
      const stragglers = states.flatMap(({ name, open, kept, screens }) =>
        screens
          .filter((screen) => screen.pending + open + kept > 0 || !isWhole(screen, ledgers.get(screen.room)))
          .map(({ room, pending, count }) => `${name} in ${room} (${count} messages shown, ${pending} pending, ${open} open, ${kept} kept)`),
      );
      if (stragglers.length === 0 || isLate) return { convergeMs: at - began, stragglers };
    }
    await arena.pass(intervalMs);
  }
}

function isWhole(screen: { from: number; count: number; sum: number }, ledger: Ledger | undefined): boolean {
  const must = ledger?.sumFrom(screen.from);
  return must?.count === screen.count && must.sum === screen.sum;
}
