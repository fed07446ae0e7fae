import type { Message } from "@chat-widget/protocol";
import type { Clock, Timer } from "../clock.js";
import type { Report } from "../logger.js";
import { sendMs } from "./upload-addresses.js";
import type { BookedUpload, UploadBook } from "./upload-book.js";
import { type Uploads, presentIds } from "./uploads.js";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const pageSize = 200;

interface JanitorOptions {
  uploads: Uploads;
  book: UploadBook;
  clock: Clock;
  /** Gives numbers from 0 to below 1, so that not all nodes do it at once. */
  random: () => number;
  report: Report;
  /** The messages of these ids that exist. */
  messages: (roomId: string, ids: readonly string[]) => Promise<Message[]>;
}

/** Removes what no message carries: uploads that were never finished within an hour or two, those that were not used within a day, and files whose messages are gone. One node of all does it, once an hour. */
export class UploadJanitor {
  readonly #options: JanitorOptions;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: JanitorOptions) {
    this.#options = options;
    this.#schedule(options.random() * 60_000);
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
  }

  #schedule(ms: number): void {
    const { clock, random } = this.#options;
    if (!this.#isClosed) this.#timer = clock.setTimeout(() => void this.#sweep().then(() => this.#schedule(hourMs * (1 + random() / 10))), ms);
  }

  async #sweep(): Promise<void> {
    const { book, clock, report } = this.#options;
    try {
      if (!(await book.takeSweep(clock.now(), hourMs - 1))) return;
      let after: string | undefined;
      do {
        const { found, last } = await book.page(after, pageSize);
        await this.#clear(found);
        after = last;
      } while (after !== undefined && !this.#isClosed);
    } catch (error) {
      report(error, "unable to remove all files that no message carries; it is tried again within two hours");
    }
  }

  async #clear(found: readonly BookedUpload[]): Promise<void> {
    const { uploads, clock } = this.#options;
    const isOlder = ({ record }: BookedUpload, ms: number) => record.at < clock.now() - ms;
    const isLeft = ({ record: { state } }: BookedUpload): boolean => state === "doomed";
    const isUnused = (upload: BookedUpload): boolean => isOlder(upload, upload.record.state === "sending" ? sendMs : dayMs) && upload.record.state !== "used";
    const orphans = await this.#orphans(found.filter((upload) => upload.record.state === "used" && isOlder(upload, hourMs)));
    for (const upload of found) if (isLeft(upload) || isUnused(upload) || orphans.has(upload)) await uploads.discard(upload);
  }

  /** Those whose message is deleted, or is not there although it was sent a day ago: until then it may still be on its way. */
  async #orphans(used: readonly BookedUpload[]): Promise<ReadonlySet<BookedUpload>> {
    const { clock, messages } = this.#options;
    const orphans = new Set<BookedUpload>();
    for (const roomId of new Set(used.map(({ record }) => record.roomId))) {
      const uploads = used.filter(({ record }) => record.roomId === roomId);
      const there = await messages(roomId, [...new Set(uploads.map(({ record }) => record.messageId ?? ""))]);
      const [known, present] = [new Set(there.map(({ id }) => id)), presentIds(there)];
      for (const upload of uploads) {
        const { messageId = "", at } = upload.record;
        const isGone = known.has(messageId) ? !present.has(messageId) : at < clock.now() - dayMs;
        if (isGone) orphans.add(upload);
      }
    }
    return orphans;
  }
}
