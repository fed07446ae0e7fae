import { availableParallelism } from "node:os";

/** What a run ran on, without a name. */
export function machine(): string {
  return `${availableParallelism()} cores, ${process.platform}, Node ${process.versions.node}`;
}
