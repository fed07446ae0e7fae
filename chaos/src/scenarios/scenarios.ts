import { calmDay } from "./calm.ts";
import { killAndRestart, killEverything } from "./kills.ts";
import { brokerAway, databaseCrashes, frozenServer, killOneOfTwo } from "./clusters.ts";
import { kitchenSink } from "./kitchen-sink.ts";
import { diskFull, frozenClients, wrongCalendars } from "./machines.ts";
import { cuts, farAway, halfOpen, lossyPushes, lostTail, slowReaders } from "./networks.ts";
import { doubledSubmits, reloads } from "./pages.ts";
import type { Scenario } from "./scenario.ts";

/** The fault matrix. F1b, F7, F8 and F10 have two servers, with Redis and PostgreSQL. */
export const scenarios: readonly Scenario[] = [
  calmDay(10),
  killAndRestart(4),
  killOneOfTwo,
  killEverything,
  cuts(12),
  halfOpen,
  slowReaders,
  farAway,
  brokerAway,
  frozenServer,
  lossyPushes(12),
  lostTail,
  databaseCrashes,
  diskFull,
  wrongCalendars,
  doubledSubmits(6),
  frozenClients,
  reloads,
  kitchenSink,
];

/** What fits into a test run. */
export const shortScenarios: readonly Scenario[] = [killAndRestart(1), cuts(3)];
