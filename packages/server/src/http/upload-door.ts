import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { ChatError, type ErrorCode } from "@chat-widget/protocol";
import rangeParser from "range-parser";
import type { Clock } from "../clock.js";
import { sentKey } from "../uploads/file-key.js";
import type { BookedUpload } from "../uploads/upload-book.js";
import { type Uploads, contentTypeOf, dispositionOf } from "../uploads/uploads.js";
import { answerError } from "./answer-json.js";
import { Busy } from "./busy.js";
import { clientAddress } from "./client-address.js";
import type { OriginGuard } from "./origin-guard.js";
import { queryOf } from "./query.js";
import { bodyOf } from "./request-body.js";

interface UploadDoorOptions {
  /** @throws {ChatError} `unavailable` while there is no store */
  uploads: () => Promise<Uploads | undefined>;
  guard: OriginGuard;
  /** How many proxies stand in front; undefined where addresses are not limited. */
  proxies: number | undefined;
  clock: Clock;
}

/** Uploads that one user, or one address, may be sending at a time. */
const mostPerUser = 4;
const mostPerAddress = 20;

/** Takes the bytes of uploads and gives those of files. Who asks shows by the signature of the address and by nothing else. */
export class UploadDoor {
  readonly #options: UploadDoorOptions;
  readonly #users = new Busy(mostPerUser);
  readonly #addresses = new Busy(mostPerAddress);
  /** Those that are being sent, and their senders. */
  readonly #sending = new Set<string>();

  constructor(options: UploadDoorOptions) {
    this.#options = options;
  }

  /** Answers for one upload. */
  async answer(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { guard, clock } = this.#options;
    const verdict = guard.allowPage(request, response);
    if (request.method === "OPTIONS") {
      response.setHeader("Access-Control-Allow-Methods", "GET, HEAD, PUT");
      response.setHeader("Access-Control-Allow-Headers", "Content-Type, Content-Range");
      return void response.writeHead(204).end();
    }
    const query = queryOf(request);
    const uploads = await this.#options.uploads();
    const upload = await uploads?.find(id);
    const isRead = request.method === "GET" || (request.method === "HEAD" && query.has("key"));
    const isSigned = upload !== undefined && (isRead ? uploads?.addresses.mayRead(id, query, clock.now()) : uploads?.addresses.maySend(id, upload.record, query, clock.now()));
    // What is not there and what may not be seen look the same.
    if (uploads === undefined || upload === undefined || isSigned !== true) return answerError(response, 404, new ChatError("not-found", "unable to answer; there is no such file, or the address is no longer good"));
    if (isRead) return give(uploads, upload, request, response);
    if (!verdict.allowed) return answerError(response, 403, guard.errorOf(verdict));
    if (uploads.rules.files.receive === undefined) return answerError(response, 404, new ChatError("not-found", "unable to answer; files are not sent here"));
    response.setHeader("Access-Control-Expose-Headers", "Upload-Offset, Retry-After");
    if (request.method === "HEAD") return tellOffset(response, 200, upload.record.state === "sending" ? await uploads.rules.files.size(sentKey(id)) : upload.record.size);
    await this.#take(uploads, upload, request, response);
  }

  async #take(uploads: Uploads, upload: BookedUpload, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { id, record } = upload;
    // What is not read of a body must not be taken for the next request.
    response.setHeader("Connection", "close");
    const refusal = refusalOf(upload, request);
    if (refusal !== undefined) return answerError(response, ...refusal);
    const { proxies, clock } = this.#options;
    const address = proxies === undefined ? undefined : clientAddress(request, proxies);
    if (this.#sending.has(id) || this.#users.isFull(record.userId) || (address !== undefined && this.#addresses.isFull(address))) {
      response.setHeader("Retry-After", 1);
      return answerError(response, 429, new ChatError("rate-limited", "unable to take the file; too many are being sent", { retryAfterMs: 1_000 }));
    }
    const release = [this.#users.hold(record.userId), ...(address === undefined ? [] : [this.#addresses.hold(address)])];
    this.#sending.add(id);
    try {
      const until = Number(queryOf(request).get("until"));
      await uploads.rules.files.receive?.(sentKey(id), offsetOf(request), bodyOf(request, clock, until));
      response.removeHeader("Connection");
      tellOffset(response, 204, record.size);
    } catch (error) {
      // Whoever went away in the middle hears nothing, and goes on from there.
      if (request.destroyed && !request.complete) return void response.destroy();
      if (!ChatError.is(error)) throw error;
      answerError(response, statusOf(error), error);
    } finally {
      this.#sending.delete(id);
      for (const end of release) end();
    }
  }
}

type Refusal = [status: number, error: ChatError];

function refusalOf({ record }: BookedUpload, request: IncomingMessage): Refusal | undefined {
  const refuse = (status: number, code: ErrorCode, reason: string): Refusal => [status, new ChatError(code, `unable to take the file; ${reason}`)];
  const length = request.headers["content-length"];
  if (request.method !== "PUT") return refuse(405, "invalid", "it is sent with PUT");
  if (length === undefined) return refuse(411, "invalid", "its length is not said");
  if (record.state !== "sending") return refuse(409, "conflict", "it is finished");
  const offset = offsetOf(request);
  if (Number.isNaN(offset)) return refuse(416, "invalid", "the range is not one of this file");
  if (Number(length) !== record.size - offset) return refuse(413, "too-large", `${record.size - offset} bytes were announced`);
  const range = request.headers["content-range"];
  if (range !== undefined && range !== `bytes ${offset}-${record.size - 1}/${record.size}`) return refuse(416, "invalid", "the range is not the rest of this file");
  return undefined;
}

/** Where a body begins in its file; `NaN` when that cannot be read. */
function offsetOf({ headers: { "content-range": range } }: IncomingMessage): number {
  return range === undefined ? 0 : Number(/^bytes (\d{1,15})-\d{1,15}\/\d{1,15}$/.exec(range)?.[1] ?? Number.NaN);
}

function statusOf({ code }: ChatError): number {
  return code === "conflict" ? 409 : 507;
}

function tellOffset(response: ServerResponse, status: number, offset: number): void {
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Upload-Offset", offset);
  response.writeHead(status).end();
}

async function give(uploads: Uploads, { id, record: { file = "", attachment } }: BookedUpload, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const missing = () => answerError(response, 404, new ChatError("not-found", "unable to answer; there is no such file, or the address is no longer good"));
  if (attachment === undefined) return missing();
  const { size } = attachment;
  const etag = `"${id}"`;
  const maxAge = Math.floor(Math.max(0, Number(queryOf(request).get("until")) - uploads.now()) / 1_000);
  response.setHeader("Content-Type", contentTypeOf(attachment));
  response.setHeader("Content-Disposition", dispositionOf(attachment));
  response.setHeader("Content-Security-Policy", "sandbox; default-src 'none'");
  // The page that shows it may be another site than the chat.
  response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
  response.setHeader("Referrer-Policy", "no-referrer");
  response.setHeader("Cache-Control", `private, max-age=${maxAge}, immutable`);
  response.setHeader("Accept-Ranges", "bytes");
  response.setHeader("ETag", etag);
  if (request.headers["if-none-match"]?.includes(etag)) return void response.writeHead(304).end();
  const range = rangeOf(request, etag, size);
  if (range === "none") {
    response.setHeader("Content-Range", `bytes */${size}`);
    return answerError(response, 416, new ChatError("invalid", "unable to answer; the file has no such range"));
  }
  const { start, end } = range ?? { start: 0, end: size };
  const body = await uploads.rules.files.read(file, { start, end });
  if (body === undefined) return missing();
  if (range !== undefined) response.setHeader("Content-Range", `bytes ${start}-${end - 1}/${size}`);
  response.setHeader("Content-Length", end - start);
  response.writeHead(range === undefined ? 200 : 206);
  if (request.method === "HEAD") {
    body.destroy();
    return void response.end();
  }
  // Whoever goes away in the middle needs no answer.
  await pipeline(body, response).catch((error: unknown) => {
    if (!response.destroyed) throw error;
  });
}

/** The one range that is asked for; the whole when there are several, or none that can be read. */
function rangeOf({ headers }: IncomingMessage, etag: string, size: number): { start: number; end: number } | "none" | undefined {
  const ifRange = headers["if-range"];
  if (headers.range === undefined || (ifRange !== undefined && ifRange !== etag)) return undefined;
  const ranges = rangeParser(size, headers.range);
  if (ranges === -1) return "none";
  if (ranges === -2 || ranges.type !== "bytes" || ranges.length !== 1 || ranges[0] === undefined) return undefined;
  return { start: ranges[0].start, end: ranges[0].end + 1 };
}
