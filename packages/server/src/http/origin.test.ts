import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect, it } from "vitest";
import { openSocket } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";
import { type AllowedOrigins, checkOrigin } from "./origin.js";

function isAllowed(headers: Record<string, string>, allowed?: AllowedOrigins, isEncrypted = false): boolean {
  const socket = new Socket();
  if (isEncrypted) Object.assign(socket, { encrypted: true });
  const request = new IncomingMessage(socket);
  request.headers = headers;
  return checkOrigin(request, allowed).allowed;
}

const lookAlikes = [
  "https://good.example.evil.com",
  "https://evilgood.example",
  "http://good.example",
  "https://good.example:444",
  "https://good.example.",
  "https://good.example/",
  "https://good.example:443",
  "https://GOOD.example",
  "https://sub.good.example",
  "null",
  "file://",
  "",
  "*",
  "https://good.example, https://evil.example",
  "https://user@good.example",
  "https://gооd.example",
  "chrome-extension://abcdefgh",
  "javascript:alert(1)",
];

it.each(lookAlikes)("does not take %j for an allowed origin", (origin) => {
  expect(isAllowed({ origin, host: "chat.example" }, ["https://good.example"])).toBe(false);
});

it.each(lookAlikes.filter((origin) => origin !== "http://good.example"))("does not take %j for the server's own origin", (origin) => {
  expect(isAllowed({ origin, host: "good.example" })).toBe(false);
});

it("takes exact origins of the list, and only those", () => {
  expect(isAllowed({ origin: "https://good.example", host: "chat.example" }, ["https://good.example"])).toBe(true);
  expect(isAllowed({ origin: "https://chat.example", host: "chat.example" }, ["https://good.example"])).toBe(false);
});

it("takes the server's own origin when there is no list", () => {
  expect(isAllowed({ origin: "https://good.example", host: "good.example" })).toBe(true);
  expect(isAllowed({ origin: "https://good.example", host: "good.example:443" })).toBe(true);
  expect(isAllowed({ origin: "http://good.example", host: "good.example:80" })).toBe(true);
  expect(isAllowed({ origin: "http://localhost:3000", host: "localhost:3000" })).toBe(true);
  expect(isAllowed({ origin: "http://[::1]:3000", host: "[::1]:3000" })).toBe(true);
  expect(isAllowed({ origin: "http://localhost:3000", host: "localhost:3001" })).toBe(false);
  expect(isAllowed({ origin: "http://localhost:3000", host: "127.0.0.1:3000" })).toBe(false);
  expect(isAllowed({ origin: "https://good.example", host: "evil@good.example" })).toBe(false);
  expect(isAllowed({ origin: "https://good.example" })).toBe(false);
});

it("does not take a plain page for the server's own when the connection is secure", () => {
  expect(isAllowed({ origin: "http://good.example", host: "good.example" })).toBe(true);
  expect(isAllowed({ origin: "http://good.example", host: "good.example" }, undefined, true)).toBe(false);
  expect(isAllowed({ origin: "http://good.example", host: "good.example", "x-forwarded-proto": "https" })).toBe(false);
});

it("asks a function with the origin and the request", () => {
  const ofTenant: AllowedOrigins = (origin, request) => origin === `https://${request.headers["x-tenant"]}.example`;
  expect(isAllowed({ origin: "https://a.example", "x-tenant": "a" }, ofTenant)).toBe(true);
  expect(isAllowed({ origin: "https://b.example", "x-tenant": "a" }, ofTenant)).toBe(false);
  expect(isAllowed({ origin: "null", "x-tenant": "a" }, () => true)).toBe(false);
});

it("takes a request without an origin when it carries no cookie or comes from the same site's page", () => {
  const cookie = "sid=1";
  expect(isAllowed({})).toBe(true);
  expect(isAllowed({ cookie, "sec-fetch-site": "same-origin" })).toBe(true);
  expect(isAllowed({ cookie, "sec-fetch-site": "none" })).toBe(true);
  for (const site of ["cross-site", "same-site", "nonsense"]) {
    expect(isAllowed({ cookie, "sec-fetch-site": site })).toBe(false);
    expect(isAllowed({ "sec-fetch-site": site })).toBe(false);
  }
  // Browsers send no Sec-Fetch-Site over plain HTTP.
  expect(isAllowed({ cookie })).toBe(true);
  expect(isAllowed({ cookie }, undefined, true)).toBe(false);
  expect(isAllowed({ cookie, "x-forwarded-proto": "https" })).toBe(false);
});

it("takes a page of the server itself, which names no origin, only when a list has it", () => {
  const headers = { host: "chat.example", "sec-fetch-site": "same-origin" };
  expect(isAllowed(headers)).toBe(true);
  expect(isAllowed(headers, ["https://chat.example"])).toBe(true);
  expect(isAllowed(headers, ["https://www.example"])).toBe(false);
  expect(isAllowed(headers, (origin) => origin === "http://chat.example")).toBe(true);
});

it.each([["polling"], ["websocket"]] as const)("refuses pages of other origins over %s before anyone is asked", async (transport) => {
  let asked = 0;
  const authenticate = () => void asked++;
  const { origin, log } = await startServer({ authenticate, allowedOrigins: ["https://good.example"] });
  const outcome = (page: string) =>
    new Promise<string>((resolve) => {
      const socket = openSocket(origin, { transports: [transport], headers: { origin: page, cookie: "sid=1" } });
      socket.on("connect", () => resolve("connected"));
      socket.on("connect_error", () => resolve("refused"));
    });
  expect(await outcome("https://evil.example")).toBe("refused");
  expect(await outcome("https://evil.example")).toBe("refused");
  expect(asked).toBe(0);
  expect(await outcome("https://good.example")).toBe("connected");
  expect(log.lines).toEqual([
    { level: "warn", fields: { origin: "https://evil.example", reason: expect.any(String) }, message: expect.stringContaining("allowedOrigins") },
  ]);
});

it.each<[string, () => unknown]>([
  [
    "throws",
    () => {
      throw new Error("oops");
    },
  ],
  ["promises to decide", async () => true],
  ["promises and fails", () => Promise.reject(new Error("oops"))],
])("refuses everyone and logs it when the function that decides %s", async (_what, allowedOrigins) => {
  // An application in JavaScript may give anything.
  const untyped: { allowedOrigins?: AllowedOrigins } = {};
  Reflect.set(untyped, "allowedOrigins", allowedOrigins);
  const { origin, log } = await startServer(untyped);
  expect((await fetch(`${origin}/chat/socket.io/?EIO=4&transport=polling`, { headers: { origin: "https://good.example" } })).status).toBe(403);
  expect(log.messages("error")).toHaveLength(1);
});

it("takes the origin of an app where it is listed, and never for the server's own", () => {
  for (const origin of ["capacitor://localhost", "ionic://localhost", "tauri://localhost", "app://shop.example", "chrome-extension://abcdefgh"]) {
    expect(isAllowed({ origin, host: "chat.example" }, [origin])).toBe(true);
    expect(isAllowed({ origin, host: "chat.example" }, ["https://good.example"])).toBe(false);
    expect(isAllowed({ origin, host: new URL(origin).host })).toBe(false);
  }
});
