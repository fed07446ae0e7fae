import { type KeyObject, createPublicKey } from "node:crypto";
import { type CryptoKey, type JWTVerifyGetKey, createRemoteJWKSet } from "jose";
import { mistake } from "../mistake.js";

/** What tokens are checked with: one of the three. */
export interface TokenKeyOptions {
  /** A secret that the application and the chat share: at least 32 bytes that nobody can guess. */
  secret?: string | Uint8Array | undefined;
  /** A public key, as PEM or as Node has it. */
  publicKey?: string | KeyObject | CryptoKey | undefined;
  /** Where the application, or who signs in for it, publishes its public keys. An address that a token names is never asked. */
  jwksUrl?: string | URL | undefined;
}

/** How a token may be signed: `kind` says with what sort of key, so that a public key is never taken for a secret. */
export interface TokenKeys {
  kind: "secret" | "public";
  key: Uint8Array | KeyObject | CryptoKey | JWTVerifyGetKey;
}

const leastSecretBytes = 32;
/** How long the published keys may take to come. */
const fetchMs = 5_000;

/** Reads the one key there is. @throws {ChatError} `invalid` */
export function readTokenKeys({ secret, publicKey, jwksUrl }: TokenKeyOptions): TokenKeys {
  if ([secret, publicKey, jwksUrl].filter((given) => given !== undefined).length !== 1) {
    throw mistake("`jwtAuthentication` checks tokens with one of `secret`, `publicKey` and `jwksUrl`; give exactly one");
  }
  if (secret !== undefined) return { kind: "secret", key: readSecret(secret) };
  if (jwksUrl !== undefined) return { kind: "public", key: createRemoteJWKSet(readUrl(jwksUrl), { timeoutDuration: fetchMs }) };
  return { kind: "public", key: readPublicKey(publicKey) };
}

function readSecret(secret: string | Uint8Array): Uint8Array {
  const bytes = typeof secret === "string" ? new TextEncoder().encode(secret) : secret;
  if (!(bytes instanceof Uint8Array) || bytes.length < leastSecretBytes) {
    throw mistake(`\`secret\` must be a text or bytes, ${leastSecretBytes} bytes or more, such as those of \`openssl rand -base64 32\``);
  }
  return bytes;
}

function readPublicKey(given: TokenKeyOptions["publicKey"]): KeyObject | CryptoKey {
  const key = typeof given === "string" ? parsePem(given) : given;
  // The private half would do, and has no business here; a secret key would make of a public key a secret.
  if (key?.type !== "public") throw mistake("`publicKey` must be a public key, as PEM (`-----BEGIN PUBLIC KEY-----`) or as a KeyObject or CryptoKey of the type `public`");
  return key;
}

function parsePem(pem: string): KeyObject | undefined {
  try {
    // Of a private key Node would give the public half.
    return pem.includes("PRIVATE KEY") ? undefined : createPublicKey(pem);
  } catch {
    // Not a key: the caller says what one looks like.
    return undefined;
  }
}

function readUrl(given: string | URL): URL {
  const url = URL.canParse(String(given)) ? new URL(given) : undefined;
  const isLocal = url?.protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url === undefined || (url.protocol !== "https:" && !isLocal)) throw mistake("`jwksUrl` must be an address with https; with http only on this machine");
  return url;
}
