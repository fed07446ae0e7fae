import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, copyFile, mkdir, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { ChatError } from "@chat-widget/protocol";
import { checkKey } from "./file-key.js";
import type { FileStore } from "./file-store.js";

export interface DiskFilesOptions {
  /** Where the files are put; made when missing. Nothing else should be in it, and no web server should serve it. Several servers of one chat need one that they share. */
  folder: string;
}

/**
 * Keeps uploads in a folder, under names that the server makes.
 *
 * @throws {ChatError} `invalid` when the folder is not named
 */
export function diskFiles({ folder }: DiskFilesOptions): FileStore {
  if (typeof folder !== "string" || folder === "") throw new ChatError("invalid", 'unable to keep files; `folder` must name a folder, as in `diskFiles({ folder: "uploads" })`');
  return new DiskFiles(resolve(folder));
}

class DiskFiles implements FileStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async receive(key: string, offset: number, body: AsyncIterable<Uint8Array>): Promise<void> {
    const path = await this.#placeFor(key);
    // Opened for appending, a file is made when missing and never written over.
    const file = await onDisk(open(path, "a", 0o600));
    try {
      const { size } = await onDisk(file.stat());
      if (size !== offset) throw new ChatError("conflict", `unable to go on with the file; ${size} bytes are there`, { details: { received: size } });
      // What the body itself throws is not the disk's fault.
      for await (const chunk of body) await onDisk(writeWhole(file, chunk));
      await onDisk(file.sync());
    } finally {
      await file.close();
    }
  }

  async size(key: string): Promise<number> {
    return (await ifThere(stat(this.#pathOf(key))))?.size ?? 0;
  }

  async seal(key: string, sealed: string): Promise<void> {
    await onDisk(copyFile(this.#pathOf(key), await this.#placeFor(sealed)));
  }

  async read(key: string, range?: { start: number; end: number }): Promise<Readable | undefined> {
    const file = await ifThere(open(this.#pathOf(key), "r"));
    // A range of Node includes its end.
    return file && createReadStream("", { fd: file, ...(range && { start: range.start, end: range.end - 1 }) });
  }

  async replace(key: string, bytes: Uint8Array): Promise<void> {
    const path = await this.#placeFor(key);
    const beside = `${path}.${randomUUID()}`;
    try {
      await onDisk(writeFile(beside, bytes, { mode: 0o600, flush: true }));
      await onDisk(rename(beside, path));
    } finally {
      await rm(beside, { force: true });
    }
  }

  async remove(key: string): Promise<void> {
    await onDisk(rm(this.#pathOf(key), { force: true }));
  }

  async #placeFor(key: string): Promise<string> {
    const path = this.#pathOf(key);
    await onDisk(mkdir(dirname(path), { recursive: true, mode: 0o700 }));
    return path;
  }

  /** A folder for each ending of an id, so that none becomes too full. */
  #pathOf(key: string): string {
    checkKey(key);
    const [kind = "", id = ""] = key.split("/");
    return join(this.#folder, kind, id.slice(-2), id);
  }
}

async function writeWhole(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length; ) written += (await file.write(chunk, written)).bytesWritten;
}

/** What the disk refuses, in words for those who asked. */
async function onDisk<T>(done: Promise<T>): Promise<T> {
  try {
    return await done;
  } catch (cause) {
    const isFull = codeOf(cause) === "ENOSPC" || codeOf(cause) === "EDQUOT";
    throw new ChatError("unavailable", isFull ? "unable to keep the file; there is no room for it" : "unable to keep the file; the place for files cannot be reached", { cause, retryAfterMs: isFull ? 60_000 : 5_000 });
  }
}

/** Undefined for what is not there. */
async function ifThere<T>(found: Promise<T>): Promise<T | undefined> {
  return onDisk(
    found.catch((error: unknown) => {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    }),
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
