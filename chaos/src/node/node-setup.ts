/** Where a node keeps its logs. A new kind of store is a new member here and a case in `openStore`. */
export type StoreSetup = { kind: "sqlite"; filename: string } | { kind: "postgres"; url: string };

/** What joins several nodes; one node has none. A new kind is a new member here and a case in `openAdapter`. */
export type AdapterSetup = { kind: "none" } | { kind: "redis"; url: string };

/** What a server process is started with. */
export interface NodeSetup {
  port: number;
  store: StoreSetup;
  adapter: AdapterSetup;
  /** A file that takes all the room left on the store's disk when the disk shall be full. */
  ballast: string;
}
