import { createHash, timingSafeEqual } from "node:crypto";
import type { Clock } from "../clock.js";
import { type Rate, TokenBucket } from "../token-bucket.js";

const scheme = /^Bearer ([\w.~+/=-]{1,512})$/i;
/** How often a wrong key may be shown, by everybody together: nobody guesses one, and nobody keeps the server busy. */
const wrongKeys: Rate = { burst: 50, perSecond: 5 };

/** The keys that open the HTTP API. */
export class ApiKeys {
  readonly #digests: readonly Buffer[];
  readonly #wrong: TokenBucket;

  constructor(keys: readonly string[], clock: Clock) {
    this.#digests = keys.map(digestOf);
    this.#wrong = new TokenBucket(wrongKeys, clock);
  }

  /** Whether a header has one of them; else how long to wait, 0 when that is not the trouble. Takes the same time for every wrong one. */
  check(authorization: string | undefined): { isRight: true } | { isRight: false; retryAfterMs: number } {
    const given = digestOf(scheme.exec(authorization ?? "")?.[1] ?? "");
    const isRight = this.#digests.map((digest) => timingSafeEqual(digest, given)).includes(true);
    return isRight ? { isRight } : { isRight, retryAfterMs: this.#wrong.take() };
  }
}

function digestOf(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
