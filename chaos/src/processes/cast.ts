/** Which programs play the servers and the clients. */
export interface Cast {
  /** From `chaos/src`. */
  node: string;
  worker: string;
  /** For programs that can be played in several ways. */
  way?: string;
}

/** The packages of this repository. */
export const ourCast: Cast = { node: "node/node.ts", worker: "clients/worker.ts" };
