import { UserId } from "@chat-widget/protocol";
import * as z from "zod/mini";
import type { Clock, Timer } from "../clock.js";
import type { Logger, Report } from "../logger.js";
import type { IdentityRecords } from "../session/identity-records.js";
import type { ChatStore } from "../stores/chat-store.js";
import { everyRecord } from "./read-all.js";
import type { UserErasure } from "./erase-user.js";
import type { Erased } from "./erased.js";

const collection = "erasures";
/** When a server that starts looks for what another left undone. */
const firstLookMs = 10_000;
const everyMs = 3_600_000;

/** An erasure that is under way. */
const Underway = z.object({
  /** Everybody whom the user was. */
  userIds: z.array(UserId),
  /** In whose name it is done. */
  by: UserId,
  /** Since when. */
  at: z.number(),
});
type Underway = z.infer<typeof Underway>;

interface ErasuresOptions {
  store: ChatStore;
  identities: IdentityRecords;
  clock: Clock;
  logger: Logger;
  report: Report;
  /** Takes nobody for a user any more who was made sure of before, and ends their connections everywhere. */
  revoke: (userId: string, before: number) => Promise<void>;
  /** Erases what these ids stand for. */
  erasure: (userIds: ReadonlySet<string>, by: string) => UserErasure;
}

/** The erasures of users: each is written down before it begins and struck out when nothing is left to do, so that a server that ends is followed by one that goes on. */
export class Erasures {
  readonly #options: ErasuresOptions;
  readonly #running = new Map<string, Promise<Erased>>();
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: ErasuresOptions) {
    this.#options = options;
    this.#lookIn(firstLookMs);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Erases a user; one that is being erased here already is not begun again. Resolves when nothing is left. */
  erase(userId: string, by: string): Promise<Erased> {
    const running = this.#running.get(userId) ?? this.#erase(userId, by).finally(() => this.#running.delete(userId));
    this.#running.set(userId, running);
    return running;
  }

  /** Leaves what is not done to the next server. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
    await Promise.allSettled(this.#running.values());
  }

  async #erase(userId: string, by: string): Promise<Erased> {
    const { store, identities, logger, revoke, erasure } = this.#options;
    const underway = await this.#begin(userId, by);
    for (const id of underway.userIds) await revoke(id, underway.at);
    const run = erasure(new Set(underway.userIds), underway.by);
    await run.run();
    await identities.erase(underway.userIds);
    await store.writeRecords([{ collection, key: userId }]);
    logger.info({ userId, ...run.done }, "erased a user");
    return run.done;
  }

  async #begin(userId: string, by: string): Promise<Underway> {
    const { store, identities, clock } = this.#options;
    const [known] = await store.records(collection, { keys: [userId] });
    if (known !== undefined) return Underway.parse(known.value);
    const underway: Underway = { userIds: await identities.selvesOf(userId), by, at: clock.now() };
    await store.writeRecords([{ collection, key: userId, value: underway }]);
    return underway;
  }

  #lookIn(ms: number): void {
    if (!this.#isClosed) this.#timer = this.#options.clock.setTimeout(() => void this.#goOn().then(() => this.#lookIn(everyMs)), ms);
  }

  async #goOn(): Promise<void> {
    const { store, report } = this.#options;
    const complain = (error: unknown): void => {
      if (!this.#isClosed) report(error, "unable to go on with erasing a user; it is tried again within the hour");
    };
    try {
      for await (const records of everyRecord(store, collection)) {
        // One that cannot be ended keeps nobody else waiting.
        for (const { key, value } of records) if (!this.#isClosed) await this.erase(key, Underway.parse(value).by).catch(complain);
      }
    } catch (error) {
      complain(error);
    }
  }
}
