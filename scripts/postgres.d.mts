export interface RunningPostgres {
  /** Of its database `postgres`; anybody on this machine may use it. */
  readonly url: string;
  stop(): Promise<void>;
  /** After a crash it recovers what was committed from its log. `whileDown` may look at the folder of its data before it starts again. */
  restart(options?: { isCrash?: boolean; whileDown?: (data: string) => void }): Promise<void>;
}

/** Starts PostgreSQL with its data in a folder, which is made when missing. @throws {Error} when it does not start, with what it said */
export function startPostgres(options: { folder: string; port: number }): Promise<RunningPostgres>;
