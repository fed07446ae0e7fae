import type { TransportFaults } from "../clients/push-faults.ts";
import type { Arena } from "./arena.ts";
import type { OpenGround } from "./ground.ts";
import type { Size } from "./size.ts";

/** One row of the fault matrix. */
export interface Scenario {
  /** The row of the matrix, such as `F3`. */
  id: string;
  /** What happens, for the table. */
  title: string;
  size?: Partial<Size>;
  /** What the networks of all clients do from the start. */
  faults?: Partial<TransportFaults>;
  /** What the servers stand on; one SQLite file when left out. */
  ground?: OpenGround;
  /** How many servers there are; 1 when left out. */
  nodes?: number;
  /** The store gets a disk that can be filled; without root the scenario is left out. */
  smallDisk?: boolean;
  /** Does the harm, under load; when it resolves, everything is whole again or about to be. */
  disturb(arena: Arena): Promise<void>;
}
