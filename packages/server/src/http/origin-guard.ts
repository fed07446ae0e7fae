import type { IncomingMessage, ServerResponse } from "node:http";
import { ChatError } from "@chat-widget/protocol";
import type { Logger } from "../logger.js";
import { type AllowedOrigins, type OriginVerdict, checkOrigin } from "./origin.js";

type Refusal = Extract<OriginVerdict, { allowed: false }>;

/** How many refused origins are remembered, so that each is logged once and a flood of them fills nothing. */
const rememberedOrigins = 100;

/** Decides which pages may talk to the server, tells them so, and tells the operator what to mend. */
export class OriginGuard {
  readonly #allowed: AllowedOrigins | undefined;
  readonly #logger: Logger;
  readonly #refused = new Set<string>();

  constructor(allowed: AllowedOrigins | undefined, logger: Logger) {
    this.#allowed = allowed;
    this.#logger = logger;
  }

  /** Whether the page behind a request is welcome; the first refusal of an origin is logged. */
  check(request: IncomingMessage): OriginVerdict {
    const verdict = this.#decide(request);
    if (!verdict.allowed && !this.#refused.has(verdict.origin) && this.#refused.size < rememberedOrigins) {
      this.#refused.add(verdict.origin);
      const { origin, reason } = verdict;
      this.#logger.warn({ origin, reason }, "refused a page of another origin; if it is yours, add it to the option `allowedOrigins`");
    }
    return verdict;
  }

  /** Sets the headers that let a welcome page of another origin read the answer; others get none. */
  allowPage(request: IncomingMessage, response: ServerResponse): OriginVerdict {
    const verdict = this.check(request);
    response.setHeader("Vary", "Origin");
    if (verdict.allowed && verdict.origin !== undefined) {
      response.setHeader("Access-Control-Allow-Origin", verdict.origin);
      response.setHeader("Access-Control-Allow-Credentials", "true");
      if (request.method === "OPTIONS") {
        response.setHeader("Access-Control-Allow-Methods", "GET, POST");
        response.setHeader("Access-Control-Allow-Headers", "Content-Type");
        response.setHeader("Access-Control-Max-Age", "600");
      }
    }
    return verdict;
  }

  /** What a refused page is told. */
  errorOf({ origin, reason }: Refusal): ChatError {
    return new ChatError("forbidden", `unable to talk to a page of ${origin.slice(0, 200)}; ${reason}`, { details: { origin: origin.slice(0, 200) } });
  }

  #decide(request: IncomingMessage): OriginVerdict {
    try {
      return checkOrigin(request, this.#allowed);
    } catch (error) {
      this.#logger.error({ err: error }, "unable to check an origin; the function `allowedOrigins` failed");
      return { allowed: false, origin: request.headers.origin ?? "(none)", reason: "the check failed" };
    }
  }
}
