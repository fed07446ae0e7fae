import { ChatError, uploadCommands, type Attachment, type CommandOutput } from "@chat-widget/protocol";
import { backOffMs } from "../back-off.js";
import type { FilesSurroundings } from "./files-surroundings.js";
import { askOffset, sendBytes } from "./send-bytes.js";
import type { UploadOptions } from "./upload-options.js";

type Upload = CommandOutput<"upload:request">;

/** How often something is tried that may be tried again. */
const tries = 8;
/** Addresses are good for five minutes at least. */
const keptMs = 240_000;
/** How many addresses are asked for at once. */
const atOnce = 50;

/** Sends files to a room, and finds where those in its messages are. */
export class RoomFiles {
  readonly #roomId: string;
  readonly #around: FilesSurroundings;
  readonly #addresses = new Map<string, { address: Promise<string>; askedAt: number }>();
  #asked: { id: string; found(address: string): void; failed(error: unknown): void }[] = [];

  constructor(roomId: string, around: FilesSurroundings) {
    this.#roomId = roomId;
    this.#around = around;
  }

  /** @throws {ChatError} */
  async upload(file: Blob, { name = "name" in file && typeof file.name === "string" && file.name !== "" ? file.name : "file", onProgress, signal }: UploadOptions = {}): Promise<Attachment> {
    this.#check(file);
    const { connection } = this.#around;
    const roomId = this.#roomId;
    const { type } = file;
    const upload = await this.#again(signal, () => connection.request("upload:request", { roomId, name: name.slice(-200), size: file.size, ...(type && { type }) }, uploadCommands["upload:request"]));
    const { uploadId } = upload;
    try {
      await this.#send(upload, file, onProgress, signal);
      const finish = () => connection.request("upload:finish", { roomId, uploadId }, uploadCommands["upload:finish"]);
      return (await this.#again(signal, finish)).attachment;
    } catch (error) {
      // The server would forget it by itself, later.
      connection.request("upload:cancel", { roomId, uploadId }, uploadCommands["upload:cancel"]).catch(() => undefined);
      throw error;
    }
  }

  /** Where a file can be fetched now. Those that are asked for in one turn are asked for together. @throws {ChatError} */
  url(id: string): Promise<string> {
    const now = this.#around.clock.now();
    const known = this.#addresses.get(id);
    if (known !== undefined && now - known.askedAt < keptMs) return known.address;
    const address = new Promise<string>((found, failed) => this.#asked.push({ id, found, failed }));
    if (this.#asked.length === 1) queueMicrotask(() => void this.#read());
    this.#addresses.set(id, { address, askedAt: now });
    address.catch(() => this.#addresses.delete(id));
    return address;
  }

  async #read(): Promise<void> {
    const asked = this.#asked;
    this.#asked = [];
    for (let at = 0; at < asked.length; at += atOnce) {
      const some = asked.slice(at, at + atOnce);
      try {
        const { files } = await this.#around.connection.request("upload:read", { roomId: this.#roomId, ids: some.map(({ id }) => id) }, uploadCommands["upload:read"]);
        const urls = new Map(files.map(({ id, url }) => [id, url]));
        for (const { id, found, failed } of some) {
          const url = urls.get(id);
          if (url === undefined) failed(new ChatError("not-found", "unable to find the file; it is not there any more"));
          else found(this.#resolve(url));
        }
      } catch (error) {
        for (const { failed } of some) failed(error);
      }
    }
  }

  /** What the server would refuse is refused here. */
  #check({ size }: Blob): void {
    const { limits, refusal } = this.#around.connection;
    if (refusal !== undefined) throw refusal;
    if (limits.uploads === undefined) throw new ChatError("forbidden", "unable to send the file; this chat takes none, or is not connected yet");
    if (size === 0) throw new ChatError("invalid", "unable to send the file; there is nothing in it");
    const { fileBytes } = limits.uploads;
    if (size > fileBytes) throw new ChatError("too-large", `unable to send the file; it has ${size} bytes and ${fileBytes} are allowed`, { details: { limit: fileBytes } });
  }

  async #send({ url, headers, isResumable }: Upload, file: Blob, onProgress: UploadOptions["onProgress"], signal: AbortSignal | undefined): Promise<void> {
    const address = this.#resolve(url);
    let isFirst = true;
    await this.#again(signal, async () => {
      const offset = isFirst || !isResumable ? 0 : await askOffset(address, signal);
      isFirst = false;
      onProgress?.(offset, file.size);
      if (offset === file.size) return;
      const range: Record<string, string> = offset > 0 ? { "Content-Range": `bytes ${offset}-${file.size - 1}/${file.size}` } : {};
      const given = Object.entries(headers).map(([name, value]) => [name, String(value)]);
      await sendBytes({ url: address, headers: { ...Object.fromEntries(given), ...range }, body: file.slice(offset), onProgress: (sent) => onProgress?.(Math.min(offset + sent, file.size), file.size), signal });
    });
  }

  /** Tries until it is done, refused for good, given up, or tried too often. */
  async #again<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
    for (let failures = 0; ; failures += 1) {
      signal?.throwIfAborted();
      try {
        return await run();
      } catch (error) {
        signal?.throwIfAborted();
        if (!ChatError.is(error) || error.retry !== "same" || failures + 1 >= tries) throw error;
        await this.#wait(Math.max(error.retryAfterMs ?? 0, backOffMs(failures, this.#around.random)), signal);
      }
    }
  }

  #wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const { clock } = this.#around;
    return new Promise((resolve) => {
      const timer = clock.setTimeout(resolve, ms);
      signal?.addEventListener("abort", () => {
        clock.clearTimeout(timer);
        resolve();
      });
    });
  }

  #resolve(url: string): string {
    return new URL(url, `${this.#around.server}/`).href;
  }
}
