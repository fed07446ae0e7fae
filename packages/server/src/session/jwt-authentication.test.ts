import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { SignJWT, UnsecuredJWT, exportJWK, exportSPKI, generateKeyPair } from "jose";
import { describe, expect, it, vi } from "vitest";
import { connect, refusalOf } from "../../test/test-client.js";
import { listen, startServer } from "../../test/test-server.js";
import { type JwtOptions, jwtAuthentication } from "./jwt-authentication.js";

const secret = new Uint8Array(32).fill(7);
const names = { issuer: "https://www.example.com", audience: "chat" };
const now = Math.floor(Date.now() / 1_000);
const claims = (change: object = {}) => ({ iss: names.issuer, aud: names.audience, sub: "ann", name: "Ann", iat: now, exp: now + 600, ...change });
const sign = (payload: object, header: object = {}, key: Parameters<SignJWT["sign"]>[0] = secret) => new SignJWT({ ...payload }).setProtectedHeader({ alg: "HS256", ...header }).sign(key);

const rsa = await generateKeyPair("RS256", { extractable: true });
const other = await generateKeyPair("RS256");
const pem = await exportSPKI(rsa.publicKey);
const byRsa = (payload: object, header: object = {}) => sign(payload, { alg: "RS256", ...header }, rsa.privateKey);

describe("26. JWT table", () => {
  const remote = "http://127.0.0.1:1/keys";
  it.each<[string, () => string | Promise<string>]>([
    ["no signature", () => new UnsecuredJWT(claims()).setIssuer(names.issuer).encode()],
    ["`alg: none` in the header", async () => (await sign(claims())).replace(/^[^.]+/, Buffer.from('{"alg":"none"}').toString("base64url"))],
    ["`alg: none` and no signature", () => `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(JSON.stringify(claims())).toString("base64url")}.`],
    ["another algorithm", () => sign(claims(), { alg: "HS512" }, new Uint8Array(64).fill(7))],
    ["another secret", () => sign(claims(), {}, new Uint8Array(32))],
    ["another issuer", () => sign(claims({ iss: "https://evil.example" }))],
    ["no issuer", () => sign(claims({ iss: undefined }))],
    ["another audience", () => sign(claims({ aud: "shop" }))],
    ["no audience", () => sign(claims({ aud: undefined }))],
    ["another type", () => sign(claims(), { typ: "logout+jwt" })],
    ["an end that is over", () => sign(claims({ iat: now - 700, exp: now - 60 }))],
    ["a beginning that is to come", () => sign(claims({ nbf: now + 600 }))],
    ["no end", () => sign(claims({ exp: undefined }))],
    ["an end in ten years", () => sign(claims({ exp: now + 10 * 365 * 86_400 }))],
    ["no birth", () => sign(claims({ iat: undefined }))],
    ["a birth that is to come", () => sign(claims({ iat: now + 600, exp: now + 1_200 }))],
    ["a birth long ago", () => sign(claims({ iat: now - 10 * 86_400 }))],
    ["no user", () => sign(claims({ sub: undefined }))],
    ["no name", () => sign(claims({ name: undefined }))],
    ["a path as key id", () => sign(claims(), { kid: "../../dev/null" }, new Uint8Array(32))],
    ["SQL as key id", () => sign(claims(), { kid: "' OR 1=1--" }, new Uint8Array(32))],
    ["an address of keys", () => sign(claims(), { jku: remote })],
    ["an address of certificates", () => sign(claims(), { x5u: remote })],
    ["a key of its own", async () => sign(claims(), { alg: "RS256", jwk: await exportJWK(rsa.publicKey) }, rsa.privateKey)],
    ["the right signature and a key of its own", () => sign(claims(), { jwk: { kty: "oct", k: Buffer.from(secret).toString("base64url") } })],
    ["a header that must be understood", () => sign(claims(), { crit: ["cow"], cow: true }).catch(async () => craft({ alg: "HS256", crit: ["cow"], cow: true }))],
    ["two parts", async () => (await sign(claims())).split(".").slice(0, 2).join(".")],
    ["four parts", async () => `${await sign(claims())}.`],
    ["dots", () => "..."],
    ["garbage", () => "not a token"],
    ["a line end", async () => `${await sign(claims())}\n`],
    ["100 KB", () => sign(claims({ padding: "a".repeat(100_000) }))],
    ["nothing in it", () => ""],
  ])("refuses a token with %s", async (_what, make) => {
    const authenticate = jwtAuthentication({ secret, ...names });
    await expect(authenticate({ token: await make() })).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await authenticate({ token: await sign(claims()) })).toMatchObject({ id: "ann", name: "Ann" });
  });

  it("does not take a public key for a secret", async () => {
    const authenticate = jwtAuthentication({ publicKey: pem, ...names });
    expect(await authenticate({ token: await byRsa(claims()) })).toMatchObject({ id: "ann" });
    for (const key of [pem, pem.trim(), pem.replaceAll(/-----.*?-----|\n/g, "")]) {
      await expect(authenticate({ token: await sign(claims(), {}, new TextEncoder().encode(key)) })).rejects.toMatchObject({ code: "unauthenticated" });
    }
    expect(() => jwtAuthentication({ publicKey: pem, algorithms: ["HS256"], ...names })).toThrow("some of EdDSA");
    expect(() => jwtAuthentication({ secret, algorithms: ["none"], ...names })).toThrow("some of HS256");
  });

  it("asks for keys only where the application says they are", async () => {
    const asked = vi.fn();
    let isDown = false;
    const jwk = { ...(await exportJWK(rsa.publicKey)), kid: "1", alg: "RS256" };
    const keys = await listen(
      createServer((request, response) => {
        asked(request.url);
        response.writeHead(isDown ? 500 : 200, { "Content-Type": "application/json" }).end(JSON.stringify({ keys: [jwk] }));
      }),
    );
    const make = () => jwtAuthentication({ jwksUrl: `${keys.origin}/jwks`, ...names });
    expect(await make()({ token: await byRsa(claims(), { kid: "1" }) })).toMatchObject({ id: "ann" });
    const evil = `${keys.origin}/evil`;
    for (const header of [{ kid: "1", jku: evil, x5u: evil }, { kid: evil }, { kid: "/etc/passwd" }]) {
      await expect(make()({ token: await sign(claims(), { alg: "RS256", ...header }, other.privateKey) })).rejects.toMatchObject({ code: "unauthenticated" });
    }
    await expect(make()({ token: await sign(claims()) })).rejects.toMatchObject({ code: "unauthenticated" });
    isDown = true;
    await expect(make()({ token: await byRsa(claims(), { kid: "1" }) })).rejects.toMatchObject({ code: "unavailable", retry: "same" });
    expect(new Set(asked.mock.calls.flat())).toEqual(new Set(["/jwks"]));
  });
});

/** A token that jose itself would not make. */
function craft(header: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part(header)}.${part(claims())}.${Buffer.alloc(32).toString("base64url")}`;
}

it("says whom a token speaks for, since when and until when", async () => {
  const token = await sign(claims({ picture: "https://example.com/a.png", roles: ["admin"] }), { typ: "JWT" });
  expect(await jwtAuthentication({ secret, ...names })({ token })).toEqual({ id: "ann", name: "Ann", avatarUrl: "https://example.com/a.png", issuedAt: now * 1_000, expiresAt: (now + 600) * 1_000 });
  const user: JwtOptions["user"] = ({ sub = "" }) => (sub === "ann" ? { id: "1", name: sub, roles: ["admin"] } : undefined);
  expect(await jwtAuthentication({ secret, ...names, user })({ token })).toMatchObject({ id: "1", roles: ["admin"] });
  expect(await jwtAuthentication({ secret, ...names, user })({ token: await sign(claims({ sub: "bob" })) })).toBeUndefined();
  const typed = jwtAuthentication({ secret, ...names, type: "chat+jwt" });
  expect(await typed({ token: await sign(claims(), { typ: "chat+jwt" }) })).toMatchObject({ id: "ann" });
  await expect(typed({ token })).rejects.toMatchObject({ code: "unauthenticated" });
});

it("lets people in by their token, and leaves those without one to `guests`", async () => {
  const authenticate = jwtAuthentication({ secret, ...names });
  const { origin, log } = await startServer({ guests: true, authenticate });
  expect((await connect(origin, { token: await sign(claims()) })).ready).toMatchObject({ user: { id: "ann", roles: ["member"] }, expiresAt: (now + 600) * 1_000 });
  expect((await connect(origin)).ready.user.roles).toEqual(["guest"]);
  const forged = await sign(claims({ sub: "victim" }), {}, new Uint8Array(32));
  expect(await refusalOf(connect(origin, { token: forged }))).toMatchObject({ code: "unauthenticated", retry: "reauth" });
  expect(JSON.stringify(log.lines)).not.toContain("victim");
});

it.each<[string, object, string]>([
  ["no key", {}, "exactly one"],
  ["two keys", { secret, publicKey: pem }, "exactly one"],
  ["a short secret", { secret: "secret" }, "32 bytes or more"],
  ["a private key", { publicKey: generateKeyPairSync("ed25519").privateKey }, "of the type `public`"],
  ["a PEM that is none", { publicKey: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----" }, "as PEM"],
  ["keys over plain HTTP", { jwksUrl: "http://example.com/jwks" }, "with https"],
  ["no issuer", { secret, issuer: "" }, "`issuer` must be"],
  ["no audience", { secret, audience: [] }, "`audience` must be"],
  ["no algorithms", { secret, algorithms: [] }, "some of"],
  ["an age that is none", { secret, maxTokenAge: "1 day" }, "number of seconds"],
])("refuses to be made with %s", (_what, options, sentence) => {
  expect(() => jwtAuthentication({ ...names, ...options })).toThrow(sentence);
});
