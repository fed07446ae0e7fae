import { type JWTPayload, type JWTVerifyOptions, type JWTVerifyResult, errors, jwtVerify } from "jose";
import { ChatError } from "@chat-widget/protocol";
import { type Clock, systemClock } from "../clock.js";
import { mistake } from "../mistake.js";
import type { AuthenticateRequest, AuthenticatedUser } from "./authenticate.js";
import { type TokenKeyOptions, type TokenKeys, readTokenKeys } from "./token-keys.js";
import { tokenSpelling } from "./token-spelling.js";

/** How {@link jwtAuthentication} tells a good token from others. */
export interface JwtOptions extends TokenKeyOptions {
  /** Who makes the tokens: their claim `iss`. */
  issuer: string | string[];
  /** Whom the tokens are for: their claim `aud`. A name for this chat alone, so that no other token of the application opens it. */
  audience: string | string[];
  /** How tokens may be signed. `["HS256"]` with a secret, `["EdDSA", "ES256", "RS256"]` without, when left out. */
  algorithms?: readonly string[] | undefined;
  /** The header `typ` that tokens must have; when left out it may be missing or `JWT`. */
  type?: string | undefined;
  /** How long a token may be good from when it was made, in seconds, whatever it says itself; a day when left out. */
  maxTokenAge?: number | undefined;
  /** How far the clocks of who makes and who checks tokens may differ, in seconds; 5 when left out. */
  clockTolerance?: number | undefined;
  /** Whom a token speaks for; `undefined` when nobody. When left out: `sub` is the id, `name` the name, `picture` the picture. Roles are never taken unasked. */
  user?: ((claims: JWTPayload) => AuthenticatedUser | undefined | Promise<AuthenticatedUser | undefined>) | undefined;
  clock?: Pick<Clock, "now"> | undefined;
}

const usual = { secret: ["HS256"], public: ["EdDSA", "ES256", "RS256"] } as const;
const allowed = {
  secret: ["HS256", "HS384", "HS512"],
  public: ["EdDSA", "Ed25519", "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
} as const satisfies Record<TokenKeys["kind"], readonly string[]>;
/** What brings a key along, or says where one is: whoever forges the rest forges that too. */
const foreignKeys = ["jku", "jwk", "x5u", "x5c"] as const;
const longestToken = 8_192;
const daySeconds = 86_400;

/**
 * An `authenticate` that knows people by the signed token that the page's `getToken` gives. A visitor without a token is
 * left to `guests`; one with a token that is not good is refused.
 *
 * @example
 * createChatServer(server, {
 *   authenticate: jwtAuthentication({ secret: process.env.CHAT_SECRET, issuer: "https://www.example.com", audience: "chat" }),
 * });
 *
 * @throws {ChatError} `invalid` when an option is mistaken, in a sentence that says how to mend it
 */
export function jwtAuthentication(options: JwtOptions): (request: Pick<AuthenticateRequest, "token">) => Promise<AuthenticatedUser | undefined> {
  const { clock = systemClock, user = userOf, maxTokenAge = daySeconds, clockTolerance = 5 } = options;
  for (const [name, value] of Object.entries({ maxTokenAge, clockTolerance })) {
    if (!Number.isFinite(value) || value < 0) throw mistake(`\`${name}\` must be a number of seconds`);
  }
  const { kind, key } = readTokenKeys(options);
  const rules: JWTVerifyOptions = {
    algorithms: readAlgorithms(options.algorithms, kind),
    issuer: readName(options.issuer, "issuer"),
    audience: readName(options.audience, "audience"),
    requiredClaims: ["sub", "exp", "iat"],
    maxTokenAge,
    clockTolerance,
  };
  const verify = (token: string): Promise<JWTVerifyResult> => {
    const now = { ...rules, currentDate: new Date(clock.now()) };
    return typeof key === "function" ? jwtVerify(token, key, now) : jwtVerify(token, key, now);
  };

  return async ({ token }) => {
    if (token === undefined) return undefined;
    if (token.length > longestToken || !tokenSpelling.test(token)) throw notGood("it is not a signed token");
    const { payload, protectedHeader } = await verify(token).catch(refuse);
    if (foreignKeys.some((name) => protectedHeader[name] !== undefined)) throw notGood("it brings a key along");
    if (!isType(protectedHeader.typ, options.type)) throw notGood("it is of another type");
    const [issuedAt, expiresAt] = [(payload.iat ?? 0) * 1_000, (payload.exp ?? 0) * 1_000];
    // jose looks how old it is now; one that is good for ten years is refused on its first day.
    if (expiresAt - issuedAt > maxTokenAge * 1_000) throw notGood(`it is good for longer than ${maxTokenAge} s`);
    const known = await user(payload);
    return known && { issuedAt, expiresAt, ...known };
  };
}

function userOf({ sub, name, picture }: JWTPayload): AuthenticatedUser {
  if (sub === undefined || typeof name !== "string") throw notGood("it has no `name`; put it in, or give `user`, which says whom a token speaks for");
  return { id: sub, name, ...(typeof picture === "string" && { avatarUrl: picture }) };
}

function isType(given: string | undefined, wanted: string | undefined): boolean {
  const plain = given?.toLowerCase().replace(/^application\//, "");
  return wanted === undefined ? plain === undefined || plain === "jwt" : plain === wanted.toLowerCase();
}

/** What went wrong: the token, or the way to the keys. What jose throws carries the token's claims, so that only its code is told. */
function refuse(error: unknown): never {
  const isKeyless = !(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === "ERR_JOSE_GENERIC";
  if (isKeyless) throw new ChatError("unavailable", "unable to check the token; the keys cannot be read", { retryAfterMs: 1_000, cause: error });
  throw notGood(error instanceof errors.JWTExpired ? "it has expired" : error.code);
}

function notGood(reason: string): ChatError {
  return new ChatError("unauthenticated", `unable to authenticate; the token is not good: ${reason}`);
}

function readAlgorithms(given: readonly string[] | undefined, kind: TokenKeys["kind"]): string[] {
  const algorithms = given ?? usual[kind];
  const those: readonly string[] = allowed[kind];
  if (!Array.isArray(algorithms) || algorithms.length === 0 || !algorithms.every((name) => those.includes(name))) {
    throw mistake(`\`algorithms\` with a ${kind} key must be some of ${those.join(", ")}`);
  }
  return [...algorithms];
}

function readName(given: unknown, option: string): string | string[] {
  const names: unknown[] = Array.isArray(given) ? given : [given];
  if (names.length === 0 || !names.every((name): name is string => typeof name === "string" && name !== "")) {
    throw mistake(`\`${option}\` must be a text, or a list of texts, that tokens have in their claim \`${option === "issuer" ? "iss" : "aud"}\``);
  }
  return names;
}
