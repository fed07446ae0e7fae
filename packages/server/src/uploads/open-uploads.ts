import type { RoomEvent } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import type { Report } from "../logger.js";
import type { ChatStore } from "../stores/chat-store.js";
import { UploadAddresses } from "./upload-addresses.js";
import { UploadBook } from "./upload-book.js";
import { UploadJanitor } from "./upload-janitor.js";
import type { UploadRules } from "./upload-options.js";
import { Uploads } from "./uploads.js";

interface OpenUploadsOptions {
  rules: UploadRules;
  store: ChatStore;
  secret: Uint8Array;
  clock: Clock;
  random: () => number;
  report: Report;
}

/** The uploads of a chat whose store is open, and who tidies up behind them. */
export interface OpenUploads {
  uploads: Uploads;
  /** Removes the files of messages that these events delete. */
  forget(events: readonly RoomEvent[]): void;
  close(): void;
}

export function openUploads({ rules, store, secret, clock, random, report }: OpenUploadsOptions): OpenUploads {
  const book = new UploadBook(store);
  const uploads = new Uploads({ rules, book, clock, addresses: new UploadAddresses(secret, rules.prefix) });
  const janitor = new UploadJanitor({ uploads, book, clock, random, report, messages: (roomId, ids) => store.messagesById(roomId, ids) });
  return {
    uploads,
    forget(events) {
      const deleted = events.flatMap((event) => (event.type === "message.deleted" ? [event.messageId] : []));
      if (deleted.length > 0) uploads.deleted(deleted).catch((error: unknown) => report(error, "unable to remove the files of a deleted message; it is tried again within two hours"));
    },
    close: () => janitor.close(),
  };
}
