/** One person of a worker. */
export interface Person {
  /** Names the client in the history. */
  name: string;
  /** Whom the server takes it for; tabs of one person share it and the storage. */
  userId: string;
  /** Where the server is, as this client sees it. */
  origin: string;
  rooms: readonly string[];
  /** Wishes a second. */
  rate: number;
}

/** What a process of clients is started with. */
export interface WorkerSetup {
  /** Where storages are kept; a worker that is started again finds them there. */
  folder: string;
  /** The history file. */
  history: string;
  /** Tells the lives of a restarted worker apart. */
  life: string;
  seed: string;
  people: readonly Person[];
}
