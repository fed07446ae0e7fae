import type { IncomingMessage } from "node:http";
import express from "express";
import session from "express-session";
import { expect, it, vi } from "vitest";
import { ChatError } from "@chat-widget/protocol";
import { ManualClock } from "../../test/manual-clock.js";
import { connect, refusalOf } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";
import type { Authenticate, AuthenticatedUser } from "./authenticate.js";

it("speaks for whom the application says", async () => {
  const { origin } = await startServer({
    guests: false,
    authenticate: async ({ headers, cookies, token }) => ({
      id: `${cookies["sid"]}`,
      name: ` ${String(headers["x-name"])} `,
      avatarUrl: "https://example.com/a.png",
      ...(token === "boss" && { roles: ["admin", "member"] }),
    }),
  });
  const headers = { cookie: "sid=ann%20lee", "x-name": "Ann" };
  expect((await connect(origin, { headers })).ready.user).toEqual({ id: "ann lee", name: "Ann", avatarUrl: "https://example.com/a.png", roles: ["member"] });
  expect((await connect(origin, { headers, token: "boss" })).ready.user.roles).toEqual(["admin", "member"]);
});

it("takes whom the application does not know as a guest only where guests are welcome", async () => {
  const authenticate: Authenticate = ({ token }) => (token === undefined ? undefined : { id: token, name: token });
  const open = await startServer({ authenticate, guests: true });
  expect((await connect(open.origin)).ready.user.roles).toEqual(["guest"]);
  expect((await connect(open.origin, { token: "ann" })).ready).toMatchObject({ user: { id: "ann" } });
  expect((await connect(open.origin, { token: "ann" })).ready.guestToken).toBeUndefined();
  const closed = await startServer({ authenticate, guests: false });
  expect(await refusalOf(connect(closed.origin))).toMatchObject({ code: "unauthenticated", retry: "reauth" });
});

const giveNothing = () => undefined;

it.each<[string, () => unknown, string]>([
  [
    "throws",
    () => {
      throw new Error("jwt expired: eyJ.secret");
    },
    "unauthenticated",
  ],
  ["rejects", () => Promise.reject(new Error("database down: eyJ.secret")), "unauthenticated"],
  ["rejects with nothing", () => Promise.reject(undefined), "unauthenticated"],
  ["cannot say", () => Promise.reject(new ChatError("unavailable", "unable to tell who asks", { cause: new Error("database down: eyJ.secret") })), "unavailable"],
  ["gives an empty object", () => ({}), "internal"],
  ["gives a number as id", () => ({ id: 42, name: "Ann" }), "internal"],
  ["gives a string", () => "ann", "internal"],
  ["gives true", () => true, "internal"],
  ["gives the id of a guest", () => ({ id: "guest:1", name: "Ann" }), "internal"],
  ["gives a name nobody can see", () => ({ id: "ann", name: "\u200B" }), "internal"],
  ["gives a role there is not", () => ({ id: "ann", name: "Ann", roles: ["god"] }), "internal"],
  ["gives a script as picture", () => ({ id: "ann", name: "Ann", avatarUrl: "javascript:alert(1)" }), "internal"],
  ["gives nothing", giveNothing, "unauthenticated"],
])("refuses when authenticate %s, and keeps the reason to the log", async (_what, misbehave, code) => {
  // An application in JavaScript may give anything.
  const untyped: { authenticate?: Authenticate } = {};
  Reflect.set(untyped, "authenticate", misbehave);
  const { origin, log } = await startServer({ guests: false, ...untyped });
  const refusal = await refusalOf(connect(origin));
  expect(refusal.code).toBe(code);
  expect(JSON.stringify(refusal)).not.toContain("secret");
  expect(log.lines.length > 0).toBe(misbehave !== giveNothing);
});

it("does not wait for ever for authenticate", async () => {
  const clock = new ManualClock();
  const asked = vi.fn(() => new Promise<AuthenticatedUser>(() => undefined));
  const { origin } = await startServer({ clock, guests: false, authenticate: asked });
  const refused = refusalOf(connect(origin));
  await vi.waitFor(() => expect(asked).toHaveBeenCalled());
  clock.advance(10_000);
  expect(await refused).toMatchObject({ code: "unavailable", retry: "same" });
});

it("renews a token on a live connection, for the same user only", async () => {
  let good = "first";
  const { origin } = await startServer({ guests: false, authenticate: ({ token }) => (token?.startsWith(good) ? { id: token.endsWith("bob") ? "bob" : "ann", name: token } : undefined) });
  const ann = await connect(origin, { token: "first" });
  good = "second";
  expect(await ann.ask("session:refresh", { token: "second" })).toEqual({ user: { id: "ann", name: "second", roles: ["member"] } });
  expect(await refusalOf(ann.ask("session:refresh", { token: "first" }))).toMatchObject({ code: "unauthenticated", retry: "reauth" });
  expect(await refusalOf(ann.ask("session:refresh", { token: "second bob" }))).toMatchObject({ code: "forbidden" });
});

it.each([["polling"], ["websocket"]] as const)("sees the session of express-session over %s", async (transport) => {
  const sessions = session({ secret: "test", resave: false, saveUninitialized: false });
  const app = express();
  app.use(sessions);
  app.get("/login", (request, response) => {
    Object.assign(request.session, { name: "Ann" });
    response.end();
  });
  const { origin } = await startServer({
    app,
    guests: false,
    use: [sessions],
    authenticate: ({ request }) => {
      const name = "session" in request && typeof request.session === "object" && request.session !== null && "name" in request.session && request.session.name;
      return typeof name === "string" ? { id: name.toLowerCase(), name } : undefined;
    },
  });
  const login = await fetch(`${origin}/login`);
  const cookie = login.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const ann = await connect(origin, { transports: [transport], headers: { cookie } });
  expect(ann.ready.user).toMatchObject({ id: "ann", name: "Ann" });
  expect(await ann.ask("room:join", { roomId: "lobby" })).toMatchObject({ presence: { count: 1 } });
  expect(await refusalOf(connect(origin, { transports: [transport] }))).toMatchObject({ code: "unauthenticated" });
});

it("runs middleware for the request that opens a connection, and for no other", async () => {
  const urls: (string | undefined)[] = [];
  const { origin } = await startServer({
    use: [
      (request: IncomingMessage, _response: unknown, next: () => void) => {
        urls.push(request.url);
        next();
      },
    ],
  });
  const ann = await connect(origin, { transports: ["polling", "websocket"] });
  await ann.ask("room:join", { roomId: "lobby" });
  expect(urls).toHaveLength(1);
  await fetch(`${origin}/chat/socket.io/?EIO=4&transport=polling&sid=`);
  expect(urls).toHaveLength(2);
});

it("refuses the connection when a middleware fails, and goes on", async () => {
  let isBroken = true;
  const { origin, log } = await startServer({
    use: [
      (_request: unknown, _response: unknown, next: () => void) => {
        if (isBroken) throw new Error("the session store is down");
        next();
      },
    ],
  });
  await expect(connect(origin, { transports: ["polling"] })).rejects.toThrow();
  expect(log.messages("error")).toEqual(["unable to open a connection; a middleware of `use` failed"]);
  isBroken = false;
  await connect(origin, { transports: ["polling"] });
});

it.each([
  ["nothing", {}],
  ["a version of the future", { protocol: [99], anything: "new" }, "unsupported-version"],
  ["no version", { protocol: [] }, "unsupported-version"],
  ["text as version", { protocol: "1" }],
  ["null as token", { protocol: [1], token: null }],
  ["an object as token", { protocol: [1], token: { $gt: "" } }],
  ["a number as token", { protocol: [1], token: 1 }],
  ["a huge token", { protocol: [1], token: "a".repeat(10_000) }],
  ["a nested name", { protocol: [1], guestName: [[[]]] }],
])("refuses a handshake with %s before asking the application", async (_what, auth, code = "invalid") => {
  const authenticate = vi.fn(() => undefined);
  const { origin } = await startServer({ authenticate });
  expect(await refusalOf(connect(origin, { auth }))).toMatchObject({ code, retry: "no" });
  expect(authenticate).not.toHaveBeenCalled();
});

it("tells the application of connections, and survives when it throws", async () => {
  const told: string[] = [];
  const { origin, log } = await startServer({
    onConnect: ({ name }) => void told.push(`${name} came`),
    onDisconnect: ({ name }) => {
      told.push(`${name} went`);
      throw new Error("oops");
    },
  });
  const ann = await connect(origin, { guestName: "Ann" });
  ann.close();
  await vi.waitFor(() => expect(told).toEqual(["Ann came", "Ann went"]));
  await vi.waitFor(() => expect(log.messages("error")).toHaveLength(1));
});
