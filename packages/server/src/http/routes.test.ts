import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { FaultyStore } from "../../test/faulty-store.js";
import { LogBook, listen, startServer } from "../../test/test-server.js";
import { createReport } from "../logger.js";
import { OriginGuard } from "./origin-guard.js";
import { answer } from "./routes.js";
import { StaticFiles } from "./static-files.js";

const evil = { headers: { origin: "https://evil.example" } };
const good = { headers: { origin: "https://good.example" } };
const poll = "/chat/socket.io/?EIO=4&transport=polling";

it("tells a page whether it is allowed, in a way that every page can read", async () => {
  const { origin } = await startServer({ allowedOrigins: ["https://good.example"] });
  const refused = await fetch(`${origin}/chat/access`, evil);
  expect(refused.headers.get("access-control-allow-origin")).toBe("*");
  expect(refused.headers.get("access-control-allow-credentials")).toBeNull();
  expect(await refused.json()).toEqual({ allowed: false, error: expect.objectContaining({ code: "forbidden", details: { origin: "https://evil.example" } }) });
  expect(await (await fetch(`${origin}/chat/access`, good)).json()).toEqual({ allowed: true });
});

it("lets pages of allowed origins read the polling answers, and others not", async () => {
  const { origin } = await startServer({ allowedOrigins: ["https://good.example"] });
  const allowed = await fetch(`${origin}${poll}`, good);
  expect(allowed.status).toBe(200);
  expect(Object.fromEntries(allowed.headers)).toMatchObject({
    "access-control-allow-origin": "https://good.example",
    "access-control-allow-credentials": "true",
    "x-content-type-options": "nosniff",
    vary: "Origin",
  });
  const preflight = await fetch(`${origin}${poll}`, { ...good, method: "OPTIONS" });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-methods")).toBe("GET, POST");

  const refused = await fetch(`${origin}${poll}`, evil);
  expect(refused.status).toBe(403);
  expect(refused.headers.get("access-control-allow-origin")).toBeNull();
  expect((await fetch(`${origin}${poll}`, { ...evil, method: "OPTIONS" })).headers.get("access-control-allow-origin")).toBeNull();
});

it("speaks no JSONP", async () => {
  const { origin } = await startServer();
  for (const query of ["&j=0", "&j=", "&j", "&x=?&j=0", "&%6A=0", "&j=0&j"]) {
    const response = await fetch(`${origin}${poll}${query}`);
    expect(response.status).toBe(403);
    expect(response.headers.get("content-type")).toContain("application/json");
  }
  const { sid } = JSON.parse((await (await fetch(`${origin}${poll}`)).text()).slice(1));
  const form = { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: "d=40" };
  expect((await fetch(`${origin}${poll}&j=0&sid=${sid}`, form)).status).toBe(403);
});

it("does not speak older versions of Engine.IO, and does not serve Socket.IO's own client", async () => {
  const { origin } = await startServer();
  expect((await fetch(`${origin}/chat/socket.io/?EIO=3&transport=polling`)).status).toBe(400);
  expect((await fetch(`${origin}/chat/socket.io/?EIO=4&transport=__proto__`)).status).toBe(400);
  expect((await fetch(`${origin}/chat/socket.io/socket.io.js`)).status).toBe(404);
});

it("says whether the store answers", async () => {
  const { origin } = await startServer();
  const healthy = await fetch(`${origin}/chat/healthz`);
  expect([healthy.status, await healthy.json()]).toEqual([200, { status: "ok" }]);

  const store = new FaultyStore();
  store.failsToOpen = true;
  const broken = await startServer({ store });
  expect((await fetch(`${broken.origin}/chat/healthz`)).status).toBe(503);
});

it("answers what it does not know with a sentence", async () => {
  const { origin } = await startServer();
  const missing = await fetch(`${origin}/chat/nothing`);
  expect([missing.status, await missing.json()]).toEqual([404, { error: expect.objectContaining({ code: "not-found", message: expect.any(String) }) }]);
  expect((await fetch(`${origin}/chat/widget.js`, { method: "DELETE" })).status).toBe(405);
});

/** The files of a folder of our own, on a server. */
async function serveFolder(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), "chat-files-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const log = new LogBook();
  const routes = { path: "/chat", guard: new OriginGuard(undefined, log), files: new StaticFiles(() => folder), isHealthy: async () => true, api: undefined, report: createReport(log, undefined) };
  const http = createServer((request, response) => void answer(routes, request, response));
  return { folder, ...(await listen(http)) };
}

it("serves the widget's files to any page, the two names anew and the chunks for good", async () => {
  const { origin, folder } = await serveFolder({ "widget.js": "export {};", "loader.js": "1", "emoji-a1b2c3d4.js": "2", "secret.txt": "no" });
  const widget = await fetch(`${origin}/chat/widget.js?v=1`, evil);
  expect(await widget.text()).toBe("export {};");
  expect(Object.fromEntries(widget.headers)).toMatchObject({
    "content-type": "text/javascript; charset=utf-8",
    "cache-control": "no-cache",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
    "content-encoding": "gzip",
  });
  const etag = widget.headers.get("etag") ?? "";
  expect((await fetch(`${origin}/chat/widget.js`, { headers: { "if-none-match": etag } })).status).toBe(304);
  expect((await fetch(`${origin}/chat/emoji-a1b2c3d4.js`)).headers.get("cache-control")).toContain("immutable");
  const head = await fetch(`${origin}/chat/loader.js`, { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);

  await writeFile(join(folder, "widget.js"), "export { anew };");
  await utimes(join(folder, "widget.js"), 1, 1);
  expect(await (await fetch(`${origin}/chat/widget.js`, { headers: { "if-none-match": etag } })).text()).toBe("export { anew };");
});

it.each(["secret.txt", "../package.json", "..%2fpackage.json", "%2e%2e/package.json", "..\\package.json", ".", "", "__proto__", "widget.js/", "widget.js%00", "%"])(
  "does not serve %j",
  async (name) => {
    const { origin } = await serveFolder({ "widget.js": "export {};", "secret.txt": "no" });
    const response = await fetch(`${origin}/chat/${name}`);
    expect(response.status).toBe(404);
  },
);

it("says what to do when the widget is not built", async () => {
  const http = createServer();
  const log = new LogBook();
  const files = new StaticFiles(() => {
    throw new Error("not installed");
  });
  const routes = { path: "/chat", guard: new OriginGuard(undefined, log), files, isHealthy: async () => true, api: undefined, report: createReport(log, undefined) };
  http.on("request", (request, response) => void answer(routes, request, response));
  const { origin } = await listen(http);
  expect(await (await fetch(`${origin}/chat/widget.js`)).json()).toMatchObject({ error: { message: expect.stringContaining("build `@chat-widget/widget`") } });
});
