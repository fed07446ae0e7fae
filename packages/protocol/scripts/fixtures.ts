import { readFileSync } from "node:fs";
import type { Contract } from "./contract.ts";

/** One example of everything on the wire, for one protocol version. Golden: written once, never changed. */
export interface Fixtures {
  handshake: unknown;
  commands: Record<string, { input: unknown; reply: unknown }>;
  events: Record<string, unknown>;
  "server-events": Record<string, unknown>;
  refusals: { command: unknown; input: unknown; connection: unknown };
}

export function readFixtures(version: Contract["version"]): Fixtures {
  const read = (name: keyof Fixtures) => JSON.parse(readFileSync(new URL(`../fixtures/v${version}/${name}.json`, import.meta.url), "utf8"));
  return { handshake: read("handshake"), commands: read("commands"), events: read("events"), "server-events": read("server-events"), refusals: read("refusals") };
}
