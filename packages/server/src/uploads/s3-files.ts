import { Readable } from "node:stream";
import { ChatError } from "@chat-widget/protocol";
import { AwsClient, AwsV4Signer } from "aws4fetch";
import { checkKey } from "./file-key.js";
import type { FileAnswer, FileStore, SendTarget } from "./file-store.js";

/** A bucket, and who may write to it. */
export interface S3FilesOptions {
  bucket: string;
  /** Such as `eu-central-1`; `auto` for some other stores. */
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** With credentials that are good for a while. */
  sessionToken?: string | undefined;
  /** Where a store other than Amazon's answers, such as `https://minio.example.com`; the bucket is then the first part of the path. Browsers send to it too. */
  endpoint?: string | undefined;
  /** What stands before the names of objects, such as `chat/`. */
  prefix?: string | undefined;
}

/** How often a request of ours is tried. */
const retries = 2;
/** The longest that addresses of S3 may be good. */
const longestS = 604_800;
const notFound = 404;

/**
 * Keeps uploads in a bucket of S3, or of a store that speaks like it. Clients send to the bucket and fetch from it by
 * addresses that are signed for one object and a short while; the bucket itself stays private. Needs the package `aws4fetch`.
 *
 * @throws {ChatError} `invalid` when an option is missing
 */
export function s3Files(options: S3FilesOptions): FileStore {
  for (const name of ["bucket", "region", "accessKeyId", "secretAccessKey"] as const) {
    if (typeof options[name] !== "string" || options[name] === "") throw new ChatError("invalid", `unable to keep files in S3; \`${name}\` must be given, as in \`s3Files({ bucket, region, accessKeyId, secretAccessKey })\``);
  }
  const { endpoint } = options;
  if (endpoint !== undefined && !(/^https?:\/\//.test(endpoint) && URL.canParse(endpoint))) throw new ChatError("invalid", "unable to keep files in S3; `endpoint` must be like `https://minio.example.com`");
  return new S3Files(options);
}

class S3Files implements FileStore {
  readonly #options: S3FilesOptions;
  readonly #client: AwsClient;
  readonly #base: string;

  constructor(options: S3FilesOptions) {
    const { bucket, region, accessKeyId, secretAccessKey, sessionToken, endpoint, prefix = "" } = options;
    this.#options = options;
    this.#client = new AwsClient({ accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }), service: "s3", region, retries });
    const place = endpoint === undefined ? `https://${bucket}.s3.${region}.amazonaws.com` : `${endpoint.replace(/\/+$/, "")}/${bucket}`;
    this.#base = `${place}/${prefix}`;
  }

  async sendTo(key: string, size: number, expiresAt: number): Promise<SendTarget> {
    // The length is signed, so that the store takes nothing longer. A client sends it in any case.
    const url = await this.#sign("PUT", new URL(this.#urlOf(key)), { headers: { "content-length": String(size) }, at: Date.now(), until: expiresAt });
    return { url, headers: {} };
  }

  async linkTo(key: string, { type, disposition, expiresAt }: FileAnswer): Promise<string> {
    const url = new URL(this.#urlOf(key));
    url.searchParams.set("response-content-type", type);
    url.searchParams.set("response-content-disposition", disposition);
    url.searchParams.set("response-cache-control", "private, max-age=300, immutable");
    // Signed as of a time that many have in common, so that each gets the same address and finds the file in its cache.
    return this.#sign("GET", url, { headers: {}, at: expiresAt - 600_000, until: expiresAt });
  }

  async size(key: string): Promise<number> {
    const response = await this.#ask(key, { method: "HEAD" });
    return response.status === notFound ? 0 : Number(response.headers.get("content-length") ?? 0);
  }

  async seal(key: string, sealed: string): Promise<void> {
    const source = `/${this.#options.bucket}/${this.#options.prefix ?? ""}${key}`;
    // What its sender said that it is does not go with it.
    const headers = { "x-amz-copy-source": encodeURI(source), "x-amz-metadata-directive": "REPLACE", "content-type": "application/octet-stream" };
    const response = await this.#ask(sealed, { method: "PUT", headers });
    // A copy that fails in the middle has said 200 before.
    const answer = await response.text();
    if (response.status === notFound || answer.includes("<Error")) throw unavailable(new Error(answer.slice(0, 500)));
  }

  async read(key: string, range?: { start: number; end: number }): Promise<Readable | undefined> {
    const response = await this.#ask(key, { headers: range ? { range: `bytes=${range.start}-${range.end - 1}` } : {} });
    if (response.status === notFound || response.body === null) return undefined;
    return Readable.from(response.body);
  }

  async replace(key: string, bytes: Uint8Array): Promise<void> {
    await this.#ask(key, { method: "PUT", body: new Uint8Array(bytes), headers: { "content-type": "application/octet-stream" } });
  }

  async remove(key: string): Promise<void> {
    await this.#ask(key, { method: "DELETE" });
  }

  #urlOf(key: string): string {
    checkKey(key);
    return this.#base + key;
  }

  async #sign(method: string, url: URL, { headers, at, until }: { headers: Record<string, string>; at: number; until: number }): Promise<string> {
    const { accessKeyId, secretAccessKey, sessionToken, region } = this.#options;
    const seconds = Math.min(longestS, Math.max(1, Math.ceil((until - at) / 1_000)));
    url.searchParams.set("X-Amz-Expires", String(seconds));
    const datetime = new Date(at).toISOString().replaceAll(/[:-]|\.\d{3}/g, "");
    const credentials = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
    const signed = await new AwsV4Signer({ ...credentials, method, url: url.href, headers, region, service: "s3", signQuery: true, allHeaders: true, datetime }).sign();
    return signed.url.href;
  }

  async #ask(key: string, init: RequestInit): Promise<Response> {
    const url = this.#urlOf(key);
    let response: Response;
    try {
      response = await this.#client.fetch(url, init);
    } catch (cause) {
      throw unavailable(cause);
    }
    if (response.ok || response.status === notFound) return response;
    throw unavailable(new Error(`S3 answered ${response.status}: ${(await response.text()).slice(0, 500)}`));
  }
}

function unavailable(cause: unknown): ChatError {
  return new ChatError("unavailable", "unable to keep the file; the place for files cannot be reached", { cause, retryAfterMs: 5_000 });
}
