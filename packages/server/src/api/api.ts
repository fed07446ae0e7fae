import type { IncomingMessage, ServerResponse } from "node:http";
import { ChatError, type ErrorCode } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import type { ApiGround } from "./api-ground.js";
import { ApiKeys } from "./api-keys.js";
import { endpoints } from "./endpoints.js";
import { readJson } from "./json-body.js";
import { match } from "./match.js";
import { openApi } from "./open-api.js";
import { sendJson, sendLines } from "./send.js";

const statuses: Readonly<Record<string, number>> = {
  invalid: 400,
  "unsupported-version": 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  "too-large": 413,
  refused: 422,
  "rate-limited": 429,
  internal: 500,
  unavailable: 503,
  aborted: 503,
  timeout: 504,
} satisfies Partial<Record<ErrorCode, number>>;

interface ApiOptions {
  keys: readonly string[];
  ground: ApiGround;
  clock: Clock;
  /** What the one who asked is told of an error. */
  explain(error: unknown): ChatError;
}

/** The HTTP API: what the application may do with the chat, for a program that is not this one. */
export class Api {
  readonly #keys: ApiKeys;
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = options;
    this.#keys = new ApiKeys(options.keys, options.clock);
  }

  /** Answers a request for a path below `/api`. */
  async answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("Cache-Control", "no-store");
    try {
      this.#admit(request);
      await this.#run(path, request, response);
    } catch (error) {
      // Whoever reads what breaks off learns so from the connection.
      if (response.headersSent) {
        response.destroy();
        if (!isGone(error)) this.#options.explain(error);
        return;
      }
      const explained = this.#options.explain(error);
      const status = statuses[explained.code] ?? 500;
      if (status === 401) response.setHeader("WWW-Authenticate", "Bearer");
      if (explained.retryAfterMs !== undefined) response.setHeader("Retry-After", Math.ceil(explained.retryAfterMs / 1_000));
      // What is left of the body is not read.
      if (!request.complete) response.setHeader("Connection", "close");
      sendJson(response, status, { error: explained });
    }
  }

  #admit({ headers }: IncomingMessage): void {
    // A key that a page has is everybody's.
    if (headers.origin !== undefined || headers["sec-fetch-site"] !== undefined) throw new ChatError("forbidden", "unable to answer; this API is for servers, and a page must never have its key");
    const verdict = this.#keys.check(headers.authorization);
    if (verdict.isRight) return;
    if (verdict.retryAfterMs > 0) throw new ChatError("rate-limited", "unable to answer; a wrong key was shown too often", { retryAfterMs: verdict.retryAfterMs });
    throw new ChatError("unauthenticated", "unable to answer; give a key of the option `api`, as in `Authorization: Bearer …`");
  }

  async #run(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (path === "openapi.json" && request.method === "GET") return sendJson(response, 200, openApi(endpoints));
    const matches = match(endpoints, path);
    const found = matches.get(request.method ?? "");
    if (found === undefined) throw new ChatError("not-found", matches.size === 0 ? "unable to answer; there is nothing by this name" : `unable to answer; this is asked with ${[...matches.keys()].join(" or ")}`);
    const { endpoint, params } = found;
    const query = Object.fromEntries(new URL(request.url ?? "/", "http://localhost").searchParams);
    const input = { params, query, body: await readJson(request) };
    const answer = await endpoint.run(this.#options.ground, input);
    if (isStream(answer)) return sendLines(response, endpoint.status, answer);
    if (endpoint.status !== 204 && answer === undefined) throw new ChatError("not-found", "unable to find it; there is none by this id");
    sendJson(response, endpoint.status, answer);
  }
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}

/** Whether an answer broke off because nobody reads it any more. */
function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE";
}
