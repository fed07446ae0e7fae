import { calmDay } from "./calm.ts";
import { killAndRestart, killEverything } from "./kills.ts";
import { kitchenSink } from "./kitchen-sink.ts";
import { diskFull, frozenClients, wrongCalendars } from "./machines.ts";
import { cuts, farAway, halfOpen, lossyPushes, lostTail, slowReaders } from "./networks.ts";
import { doubledSubmits, reloads } from "./pages.ts";
import type { Scenario } from "./scenario.ts";

/** The fault matrix. F7, F8 and F10 need several nodes, Redis and PostgreSQL. */
export const scenarios: readonly Scenario[] = [
  calmDay(10),
  killAndRestart(4),
  killEverything,
  cuts(12),
  halfOpen,
  slowReaders,
  farAway,
  lossyPushes(12),
  lostTail,
  diskFull,
  wrongCalendars,
  doubledSubmits(6),
  frozenClients,
  reloads,
  kitchenSink,
];

/** What fits into a test run. */
export const shortScenarios: readonly Scenario[] = [killAndRestart(1), cuts(3)];
