import { ChatError } from "@chat-widget/protocol";
import * as z from "zod/mini";
import type { ChatStore } from "../stores/chat-store.js";
import type { StoredRecord } from "../stores/records.js";
import { UploadRecord } from "./upload-record.js";

const uploads = "uploads";
/** How much people keep, by user; of whoever keeps nothing there is none. */
export const usageCollection = "upload-usage";
const usedBy = "message-uploads";
const sweeps = "upload-sweeps";

const Usage = z.object({ bytes: z.int() });
const UsedBy = z.object({ ids: z.array(z.string()) });
const Sweep = z.object({ at: z.int() });

/** An upload that was found. */
export interface BookedUpload {
  id: string;
  record: UploadRecord;
  revision: number;
}

/** A file takes a block of a disk, however small it is. */
const leastBytes = 4_096;
/** How often somebody else may be quicker. */
const tries = 8;

/** What is written down of uploads, for all nodes. Every change names what it found, so that of two at once only one is made. */
export class UploadBook {
  readonly #store: Pick<ChatStore, "records" | "writeRecords">;

  constructor(store: Pick<ChatStore, "records" | "writeRecords">) {
    this.#store = store;
  }

  /** Adds an upload, if its user may keep that much. @throws {ChatError} `too-large` */
  async add(id: string, record: UploadRecord, mostBytes: number): Promise<void> {
    await persist(async () => {
      const { usage, revision } = await this.#usage(record.userId);
      const bytes = usage + costOf(record);
      if (bytes > mostBytes) throw new ChatError("too-large", `unable to take the file; you may keep ${mostBytes} bytes of files and have ${usage}`, { details: { limit: mostBytes } });
      return this.#store.writeRecords([
        { collection: uploads, key: id, value: record, expect: 0 },
        { collection: usageCollection, key: record.userId, value: { bytes }, expect: revision },
      ]);
    });
  }

  async find(ids: readonly string[]): Promise<BookedUpload[]> {
    return (await this.#store.records(uploads, { keys: [...new Set(ids)] })).flatMap(readUpload);
  }

  /** Uploads in the order they were asked for. */
  async page(after: string | undefined, limit: number): Promise<{ found: BookedUpload[]; last: string | undefined }> {
    const records = await this.#store.records(uploads, { limit, ...(after !== undefined && { after }) });
    return { found: records.flatMap(readUpload), last: records.length < limit ? undefined : records.at(-1)?.key };
  }

  /** Writes what uploads are now, all or none; false when one is no longer as it was found. */
  change(changes: readonly { upload: BookedUpload; to: Partial<UploadRecord> }[]): Promise<boolean> {
    return this.#store.writeRecords(changes.map(({ upload: { id, record, revision }, to }) => ({ collection: uploads, key: id, value: { ...record, ...to }, expect: revision })));
  }

  /** Writes that a message carries them; false when one is no longer as it was found. */
  use(found: readonly BookedUpload[], messageId: string, at: number): Promise<boolean> {
    return this.#store.writeRecords([
      ...found.map(({ id, record, revision }) => ({ collection: uploads, key: id, value: { ...record, state: "used", messageId, at }, expect: revision })),
      { collection: usedBy, key: messageId, value: { ids: found.map(({ id }) => id) } },
    ]);
  }

  /** The ids of the uploads that a message carries. */
  async usedBy(messageId: string): Promise<string[]> {
    const [record] = await this.#store.records(usedBy, { keys: [messageId] });
    return UsedBy.safeParse(record?.value).data?.ids ?? [];
  }

  /** Strikes an upload out, of which nothing is left, and lets its user keep as much again. */
  async remove({ id, record, revision }: BookedUpload): Promise<void> {
    await persist(async () => {
      const { usage, revision: usageRevision } = await this.#usage(record.userId);
      const bytes = Math.max(0, usage - costOf(record));
      const isDone = await this.#store.writeRecords([
        { collection: uploads, key: id, expect: revision },
        { collection: usageCollection, key: record.userId, ...(bytes > 0 && { value: { bytes } }), expect: usageRevision },
        ...(record.messageId === undefined ? [] : [{ collection: usedBy, key: record.messageId }]),
      ]);
      // Another node that sweeps may have been quicker.
      return isDone || (await this.find([id]))[0]?.revision !== revision;
    });
  }

  /** Whether this node is to sweep: true for one of all, once in so many milliseconds. */
  async takeSweep(now: number, everyMs: number): Promise<boolean> {
    const [last] = await this.#store.records(sweeps, { keys: ["last"] });
    if ((Sweep.safeParse(last?.value).data?.at ?? 0) > now - everyMs) return false;
    return this.#store.writeRecords([{ collection: sweeps, key: "last", value: { at: now }, expect: last?.revision ?? 0 }]);
  }

  async #usage(userId: string): Promise<{ usage: number; revision: number }> {
    const [record] = await this.#store.records(usageCollection, { keys: [userId] });
    return { usage: Usage.safeParse(record?.value).data?.bytes ?? 0, revision: record?.revision ?? 0 };
  }
}

function costOf({ size }: UploadRecord): number {
  return Math.max(size, leastBytes);
}

function readUpload({ key, value, revision }: StoredRecord): BookedUpload[] {
  const record = UploadRecord.safeParse(value);
  return record.success ? [{ id: key, record: record.data, revision }] : [];
}

/** Tries until nobody else was quicker. @throws {ChatError} `unavailable` when somebody always is */
async function persist(attempt: () => Promise<boolean>): Promise<void> {
  for (let left = tries; left > 0; left -= 1) if (await attempt()) return;
  throw new ChatError("unavailable", "unable to write down the upload; too much happens at once", { retryAfterMs: 500 });
}
