import * as z from "zod/mini";
import { ChatError, UserId } from "@chat-widget/protocol";
import type { ChatStore } from "../stores/chat-store.js";
import type { RecordWrite } from "../stores/records.js";

/** What is known of the bearer of an id beyond what a token says. */
const Entry = z.object({
  /** Whoever was made sure of before is not believed any more; in milliseconds since 1970. */
  revokedBefore: z.optional(z.number()),
  /** The account that a guest became. */
  account: z.optional(UserId),
  /** The guests that became this account, the latest last. */
  formerIds: z.optional(z.array(UserId)),
});
type Entry = z.infer<typeof Entry>;

const collection = "identities";
/** How many guests an account has been, as far as that is remembered. */
const mostFormerIds = 10;
/** Entries that are read at once. */
const pageSize = 500;
/** How often a write is tried that another server was ahead of. */
const mostTries = 5;

/** What lasts of identities: which are revoked, and which guest became which account. */
export class IdentityRecords {
  readonly #store: Pick<ChatStore, "records" | "writeRecords">;

  constructor(store: Pick<ChatStore, "records" | "writeRecords">) {
    this.#store = store;
  }

  async read(id: string): Promise<Entry> {
    return (await this.#read([id]))[0]?.entry ?? {};
  }

  /** Somebody and all the guests they were, as long as these were not revoked. Looks at everybody's: to be asked rarely. */
  async selvesOf(id: string): Promise<string[]> {
    const selves = [id];
    for (let after: string | undefined; ; ) {
      const page = await this.#store.records(collection, { ...(after !== undefined && { after }), limit: pageSize });
      for (const { key, value } of page) {
        const { account, revokedBefore } = Entry.parse(value);
        if (account === id && revokedBefore === undefined) selves.push(key);
      }
      after = page.at(-1)?.key;
      if (after === undefined) return selves;
    }
  }

  /** From now on nobody is taken for this user who was made sure of before. A guest is nobody's former self any more. */
  async revoke(id: string, before: number): Promise<void> {
    const { account } = await this.read(id);
    await this.#change(account === undefined ? [id] : [id, account], ([own = {}, theirs]) => [
      { ...own, revokedBefore: Math.max(before, own.revokedBefore ?? 0) },
      ...(theirs === undefined ? [] : [{ ...theirs, formerIds: theirs.formerIds?.filter((former) => former !== id) }]),
    ]);
  }

  /** Remembers that a guest became an account. False when that is known, the guest is revoked, or became another account before. */
  async link(guestId: string, account: string): Promise<boolean> {
    let isLinked = false;
    await this.#change([guestId, account], ([guest = {}, own = {}]) => {
      isLinked = guest.revokedBefore === undefined && guest.account === undefined;
      if (!isLinked) return undefined;
      const formerIds = [...(own.formerIds ?? []), guestId].slice(-mostFormerIds);
      return [{ ...guest, account }, { ...own, formerIds }];
    });
    return isLinked;
  }

  /** Forgets who became whom of these. That somebody is revoked is kept: what was taken from them opens nothing again. */
  async erase(ids: readonly string[]): Promise<void> {
    for (const { id, entry, revision } of await this.#read(ids)) {
      if (entry.account === undefined && entry.formerIds === undefined) continue;
      const value = entry.revokedBefore === undefined ? undefined : { revokedBefore: entry.revokedBefore };
      if (!(await this.#store.writeRecords([{ collection, key: id, ...(value !== undefined && { value }), expect: revision }]))) return this.erase(ids);
    }
  }

  /** Writes what `change` makes of entries, unless that is nothing. @throws {ChatError} `unavailable` */
  async #change(ids: readonly string[], change: (entries: Entry[]) => Entry[] | undefined): Promise<void> {
    for (let tries = 0; tries < mostTries; tries++) {
      const known = await this.#read(ids);
      const changed = change(known.map(({ entry }) => entry));
      if (changed === undefined) return;
      const writes = known.map(({ id, revision }, place): RecordWrite => ({ collection, key: id, value: changed[place] ?? {}, expect: revision }));
      if (await this.#store.writeRecords(writes)) return;
    }
    throw new ChatError("unavailable", "unable to change who somebody is; others change it too", { retryAfterMs: 1_000 });
  }

  async #read(ids: readonly string[]): Promise<{ id: string; entry: Entry; revision: number }[]> {
    const records = await this.#store.records(collection, { keys: ids });
    return ids.map((id) => {
      const record = records.find(({ key }) => key === id);
      return { id, entry: record === undefined ? {} : Entry.parse(record.value), revision: record?.revision ?? 0 };
    });
  }
}
