import { buffer } from "node:stream/consumers";
import { type Attachment, ChatError, type CommandOutput, type Limits, type Message } from "@chat-widget/protocol";
import contentDisposition from "content-disposition";
import { v7 as uuidv7 } from "uuid";
import type { Clock } from "../clock.js";
import { keptKey, sentKey } from "./file-key.js";
import { headBytes, inspect } from "./inspect.js";
import { isShown, nameWithEnding } from "./media-types.js";
import { metadataFilters } from "./metadata/without-metadata.js";
import { type MakePreview, previewMaker } from "./preview.js";
import { type UploadAddresses, readExpiry } from "./upload-addresses.js";
import type { BookedUpload, UploadBook } from "./upload-book.js";
import type { UploadRules } from "./upload-options.js";
import type { UploadRecord } from "./upload-record.js";

interface UploadsOptions {
  rules: UploadRules;
  book: UploadBook;
  addresses: UploadAddresses;
  clock: Clock;
}

interface Owned {
  userId: string;
  roomId: string;
}

/** How often one upload may be looked at. */
const mostLooks = 5;

/** The files of a chat: from the wish to send one, until the message that carries it is gone. */
export class Uploads {
  /** What clients are told. */
  readonly limits: NonNullable<Limits["uploads"]>;
  readonly rules: UploadRules;
  readonly addresses: UploadAddresses;
  readonly #book: UploadBook;
  readonly #clock: Clock;
  readonly #makePreview: MakePreview | undefined;
  readonly #looking = new Map<string, Promise<Attachment>>();

  constructor({ rules, book, addresses, clock }: UploadsOptions) {
    const { fileBytes, filesPerMessage, types, previews, pixels } = rules;
    this.rules = rules;
    this.limits = { fileBytes, filesPerMessage, types: [...types] };
    this.addresses = addresses;
    this.#book = book;
    this.#clock = clock;
    this.#makePreview = previews ? previewMaker(pixels) : undefined;
  }

  now(): number {
    return this.#clock.now();
  }

  /** A place to send a file to. @throws {ChatError} `too-large` */
  async request({ userId, roomId }: Owned, name: string, size: number): Promise<CommandOutput<"upload:request">> {
    const { fileBytes, userBytes, files } = this.rules;
    if (size > fileBytes) throw new ChatError("too-large", `unable to take the file; it has ${size} bytes and ${fileBytes} are allowed`, { details: { limit: fileBytes } });
    const now = this.#clock.now();
    const uploadId = uuidv7({ msecs: now });
    const record: UploadRecord = { userId, roomId, name, size, state: "sending", at: now, copies: [] };
    await this.#book.add(uploadId, record, userBytes);
    const own = this.addresses.toSend(uploadId, record);
    const target = await files.sendTo?.(sentKey(uploadId), size, own.expiresAt);
    return { uploadId, url: target?.url ?? own.url, headers: target?.headers ?? {}, isResumable: target === undefined, expiresAt: own.expiresAt };
  }

  /** The upload as it is now, whoever asks. */
  async find(id: string): Promise<BookedUpload | undefined> {
    const [upload] = await this.#book.find([id]);
    return upload?.record.state === "doomed" ? undefined : upload;
  }

  /** Looks at what was sent, once. @throws {ChatError} `not-found`, `conflict` when it is not all there, `refused` or `too-large` for what is not taken, which is removed */
  async finish(owner: Owned, id: string): Promise<Attachment> {
    const upload = await this.#owned(owner, id);
    if (upload.record.attachment !== undefined) return upload.record.attachment;
    const looking = this.#looking.get(id) ?? this.#look(upload).finally(() => this.#looking.delete(id));
    this.#looking.set(id, looking);
    return looking;
  }

  /** Removes an upload that no message carries. @throws {ChatError} `not-found` */
  async cancel(owner: Owned, id: string): Promise<void> {
    const upload = await this.#owned(owner, id);
    if (upload.record.state === "used") throw new ChatError("conflict", "unable to cancel the upload; a message carries it, which can be deleted");
    await this.discard(upload);
  }

  /**
   * Takes finished uploads for a message, all or none. Asking again for the same message gives the same.
   * @throws {ChatError} `forbidden` for any that is not the user's own, of this room, finished and unused
   */
  async use({ userId, roomId }: Owned, messageId: string, ids: readonly string[]): Promise<Attachment[]> {
    const { filesPerMessage } = this.rules;
    if (ids.length > filesPerMessage) throw new ChatError("too-large", `unable to send the message; it has ${ids.length} files and ${filesPerMessage} are allowed`, { details: { limit: filesPerMessage } });
    const found = await this.#book.find(ids);
    const uploads = ids.map((id) => found.find((upload) => upload.id === id));
    const good = uploads.filter((upload) => upload !== undefined && upload.record.userId === userId && upload.record.roomId === roomId && isFree(upload.record, messageId));
    const attachments = good.map((upload) => upload?.record.attachment).filter((attachment) => attachment !== undefined);
    if (attachments.length < ids.length || new Set(ids).size < ids.length) throw new ChatError("forbidden", "unable to send the message; one of its files is not an own finished upload to this room, or is in a message already");
    if (!(await this.#book.use(found, messageId, this.#clock.now()))) throw new ChatError("unavailable", "unable to send the message; its files are being changed", { retryAfterMs: 200 });
    return attachments;
  }

  /** Addresses for those a reader may see; `isThere` tells which messages are. */
  async read({ userId, roomId }: Owned, ids: readonly string[], isThere: (messageIds: string[]) => Promise<ReadonlySet<string>>): Promise<CommandOutput<"upload:read">["files"]> {
    const uploads = (await this.#book.find(ids)).filter(({ record }) => record.roomId === roomId && record.file !== undefined && record.state !== "doomed");
    const isOwn = ({ record }: BookedUpload) => record.userId === userId && record.state === "ready";
    const messageIds = uploads.map(({ record }) => record.messageId).filter((id) => id !== undefined);
    const there: ReadonlySet<string> = messageIds.length === 0 ? new Set() : await isThere([...new Set(messageIds)]);
    return Promise.all(uploads.filter((upload) => isOwn(upload) || there.has(upload.record.messageId ?? "")).map((upload) => this.#link(upload)));
  }

  /** The uploads of users, whatever has become of them. Looks at everybody's: to be asked rarely. */
  async *ofUsers(userIds: ReadonlySet<string>): AsyncGenerator<BookedUpload> {
    let after: string | undefined;
    do {
      const { found, last } = await this.#book.page(after, 500);
      for (const upload of found) if (userIds.has(upload.record.userId)) yield upload;
      after = last;
    } while (after !== undefined);
  }

  /** An address at which a file can be fetched for a while, by whoever is given it; undefined when there is none yet. */
  async addressOf(upload: BookedUpload): Promise<{ url: string; expiresAt: number } | undefined> {
    return upload.record.file === undefined ? undefined : this.#link(upload);
  }

  /** Messages are gone, and with them their files. */
  async deleted(messageIds: readonly string[]): Promise<void> {
    for (const messageId of messageIds) {
      for (const upload of await this.#book.find(await this.#book.usedBy(messageId))) if (upload.record.messageId === messageId) await this.discard(upload);
    }
  }

  /** Removes an upload and all that is kept of it. What is left when this fails is removed by a later sweep. */
  async discard(upload: BookedUpload): Promise<void> {
    const { id, record } = upload;
    // First of all nobody can use it any more; who does so at this moment is quicker or slower, but not both.
    if (record.state !== "doomed" && !(await this.#book.change([{ upload, to: { state: "doomed" } }]))) return;
    const { files } = this.rules;
    for (const key of [sentKey(id), ...record.copies]) await files.remove(key);
    const [doomed] = await this.#book.find([id]);
    if (doomed !== undefined) await this.#book.remove(doomed);
  }

  async #link({ id, record: { file = "", attachment } }: BookedUpload): Promise<CommandOutput<"upload:read">["files"][number]> {
    const now = this.#clock.now();
    const { files } = this.rules;
    if (files.linkTo === undefined || attachment === undefined) return { id, ...this.addresses.toRead(id, now) };
    const expiresAt = readExpiry(now);
    return { id, url: await files.linkTo(file, { type: contentTypeOf(attachment), disposition: dispositionOf(attachment), expiresAt }), expiresAt };
  }

  async #owned({ userId, roomId }: Owned, id: string): Promise<BookedUpload> {
    const upload = await this.find(id);
    if (upload === undefined || upload.record.userId !== userId || upload.record.roomId !== roomId) throw noSuchUpload();
    return upload;
  }

  async #look(upload: BookedUpload): Promise<Attachment> {
    const { id, record } = upload;
    const { files } = this.rules;
    const size = await files.size(sentKey(id));
    if (size !== record.size) throw new ChatError("conflict", `unable to finish the upload; ${size} of ${record.size} bytes are there`, { details: { received: size } });
    if (record.copies.length >= mostLooks) throw new ChatError("forbidden", "unable to finish the upload; it was looked at too often");
    // Written down before it is made, so that it is found to be removed whatever happens.
    const file = keptKey();
    if (!(await this.#book.change([{ upload, to: { copies: [...record.copies, file] } }]))) throw busy();
    await files.seal(sentKey(id), file);
    const [sealed] = await this.#book.find([id]);
    if (sealed === undefined || sealed.record.copies.at(-1) !== file) throw busy();
    try {
      const attachment = await this.#examine(sealed, file);
      if (!(await this.#book.change([{ upload: sealed, to: { state: "ready", at: this.#clock.now(), file, attachment } }]))) throw busy();
      await files.remove(sentKey(id));
      return attachment;
    } catch (error) {
      if (ChatError.is(error) && error.retry === "no") await this.discard(sealed);
      throw error;
    }
  }

  async #examine({ id, record }: BookedUpload, file: string): Promise<Attachment> {
    const { files } = this.rules;
    // What was copied is what counts: a client may have sent something else meanwhile.
    if ((await files.size(file)) !== record.size) throw busy();
    const finding = await inspect(await this.#bytes(file, Math.min(headBytes, record.size)), this.rules);
    let { size } = record;
    let preview: string | undefined;
    const withoutMetadata = metadataFilters.get(finding.type);
    if (withoutMetadata !== undefined) {
      const clean = filtered(withoutMetadata, await this.#bytes(file, record.size));
      if (clean === undefined) throw new ChatError("refused", "unable to take the picture; it is broken", { details: { reason: "This picture is broken.", type: finding.type } });
      await files.replace(file, clean);
      size = clean.length;
      preview = await this.#makePreview?.(clean);
    }
    const { type, width, height } = finding;
    return { id, name: nameWithEnding(record.name, type), type, size, ...(width !== undefined && { width }), ...(height !== undefined && { height }), ...(preview !== undefined && { preview }) };
  }

  async #bytes(file: string, end: number): Promise<Buffer> {
    const stream = await this.rules.files.read(file, { start: 0, end });
    if (stream === undefined) throw busy();
    return buffer(stream);
  }
}

/** As the header `Content-Type` has it. */
export function contentTypeOf({ type }: Attachment): string {
  return type.startsWith("text/") ? `${type}; charset=utf-8` : type;
}

/** As the header `Content-Disposition` has it: whatever a browser could take for a page is only ever saved. */
export function dispositionOf({ name, type }: Attachment): string {
  return contentDisposition(name, { type: isShown(type) ? "inline" : "attachment" });
}

/** The ids of messages that are there and not deleted. */
export function presentIds(messages: readonly Message[]): ReadonlySet<string> {
  return new Set(messages.filter(({ deletedAt }) => deletedAt === undefined).map(({ id }) => id));
}

function isFree({ state, messageId }: UploadRecord, forMessage: string): boolean {
  return state === "ready" || (state === "used" && messageId === forMessage);
}

/** A filter that reads beyond the end has found a broken file. */
function filtered(filter: (file: Buffer) => Buffer | undefined, bytes: Buffer): Buffer | undefined {
  try {
    return filter(bytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function noSuchUpload(): ChatError {
  return new ChatError("not-found", "unable to find the upload; there is none by this id of yours in the room");
}

function busy(): ChatError {
  return new ChatError("unavailable", "unable to finish the upload; it is being changed at this moment", { retryAfterMs: 200 });
}
