import { EventEmitter } from "node:events";
import { createServer } from "node:http";
import { createServer as createNetServer } from "node:net";
import express from "express";
import { Server as SocketServer } from "socket.io";
import { expect, it, onTestFinished } from "vitest";
import { LogBook } from "../test/test-server.js";
import { createChatServer } from "./chat-server.js";
import { memoryStore } from "./stores/memory-store.js";
import { resolveOptions } from "./resolve-options.js";

/** What comes of options as JavaScript may give them. */
function resolve(options: object, isProduction = false) {
  return resolveOptions(Object.assign({ logger: new LogBook() }, options), isProduction);
}

it.each<[object, RegExp]>([
  [{ cors: true }, /there is no option `cors`; the options are path, store, /],
  [{ path: "chat" }, /`path` must be like `\/chat`/],
  [{ path: "/" }, /`path` must be like/],
  [{ path: "/chat/" }, /`path` must be like/],
  [{ path: "/chat?x" }, /`path` must be like/],
  [{ guests: false }, /nobody could connect; give `authenticate`, .* or `guests: true`/],
  [{ authenticate: "jwt" }, /`authenticate` must be a function/],
  [{ authorize: true }, /`authorize` must be a function/],
  [{ onConnect: {} }, /`onConnect` must be a function/],
  [{ use: "session" }, /`use` must be a list of middleware functions/],
  [{ use: [undefined] }, /`use` must be a list of middleware functions/],
  [{ adapter: { publish: () => undefined } }, /`adapter` must be what `createAdapter\(…\)` of a Socket.IO adapter gives/],
  [{ adapter: () => undefined }, /`adapter` is for several servers, which must share one store/],
  [{ logger: { warn: () => undefined } }, /`logger` must have the functions `debug`, `info`/],
  [{ store: Promise.resolve(memoryStore()) }, /`store` must be a ChatStore.*not a promise/],
  [{ allowedOrigins: "https://a.example" }, /`allowedOrigins` must be a list/],
  [{ allowedOrigins: ["*"] }, /there are no wildcards/],
  [{ allowedOrigins: ["https://a.example/"] }, /without a path or a slash/],
  [{ allowedOrigins: ["a.example"] }, /is not an origin/],
  [{ allowedOrigins: ["null"] }, /is not an origin/],
  [{ allowedOrigins: [/a/] }, /is not an origin/],
  [{ limits: { textSize: 1 } }, /there is no limit `textSize`; the limits are packetBytes/],
  [{ limits: { pageSize: 0 } }, /`limits.pageSize` must be a whole number above 0/],
  [{ limits: { pageSize: "1" } }, /`limits.pageSize` must be a whole number above 0/],
  [{ limits: { textBytes: 65_000 } }, /`limits.packetBytes` must be at least twice `limits.textBytes` \+ 1024/],
  [{ limits: { textBytes: 70_000, packetBytes: 200_000 } }, /`limits.textBytes` must be at most 65536/],
  [{ limits: { batchSize: 201 } }, /`limits.batchSize` must be at most 200/],
  [{ perAddress: true }, /`perAddress` must be like `\{ proxies: 1 \}`/],
  [{ perAddress: {} }, /`perAddress` must be like/],
  [{ perAddress: { proxies: -1 } }, /`perAddress` must be like/],
  [{ perAddress: { proxies: 0, connections: 0 } }, /`perAddress` must be like/],
  [{ perAddress: { proxies: 0, connect: 5 } }, /`perAddress` must be like/],
  [{ perAddress: { proxies: 0, trust: true } }, /`perAddress` must be like/],
  [{ retention: 90 }, /`retention` must be like `\{ days: 90 \}`/],
  [{ retention: { days: 0 } }, /`retention` must be like/],
  [{ rates: { writes: { burst: 1, perSecond: 1 } } }, /there is no rate `writes`/],
  [{ rates: { write: { burst: 0, perSecond: 1 } } }, /`rates.write` must be like/],
  [{ rates: { write: 5 } }, /`rates.write` must be like/],
  [{ path: "/chat/.." }, /`path` must be like/],
  [{ path: null }, /`path` must be like/],
  [{ store: null }, /`store` must be a ChatStore/],
  [{ store: { open() {}, append() {} } }, /`store` must be a ChatStore.*all its methods/],
  [{ guests: "false" }, /`guests` must be `true` or `false`/],
  [{ guests: null }, /`guests` must be `true` or `false`/],
  [{ use: () => undefined }, /`use` must be a list of middleware functions/],
  [{ clock: {} }, /`clock` must have the functions/],
  [{ clock: null }, /`clock` must have the functions/],
  [{ logger: null }, /`logger` must have the functions/],
  [{ allowedOrigins: null }, /`allowedOrigins` must be a list/],
  [{ limits: null }, /`limits` must be an object/],
  [{ limits: 5 }, /`limits` must be an object/],
  [{ limits: { textBytes: null } }, /`limits.textBytes` must be a whole number/],
  [{ rates: null }, /`rates` must be an object/],
  [{ rates: { write: null } }, /`rates.write` must be like/],
  [{ rates: { write: { burst: "5", perSecond: "1" } } }, /`rates.write` must be like/],
  [{ rates: { write: { burst: Infinity, perSecond: Infinity } } }, /`rates.write` must be like/],
])("refuses %o with a sentence that says how to mend it", (options, sentence) => {
  expect(() => resolve(options)).toThrow(sentence);
  expect(() => resolve(options)).toThrow(/^unable to create the chat server; /);
});

it.each([null, "chat", 5, [], () => undefined, Promise.resolve({})])("refuses %o in place of options", (options) => {
  expect(() => Reflect.apply(resolveOptions, undefined, [options, false])).toThrow(/the options must be an object/);
});

it("takes what is undefined for what is left out", () => {
  const left = { path: undefined, guests: undefined, limits: { textBytes: undefined }, rates: { write: undefined } };
  expect(resolve(left)).toMatchObject({ path: "/chat", guests: true, limits: { textBytes: 16_384 }, rates: { write: { burst: 50, perSecond: 10 } } });
});

it("does not let everyone in in production unless told so", () => {
  expect(() => resolve({}, true)).toThrow(/nobody could connect.*in production this is never assumed/);
  expect(resolve({ guests: true }, true).guests).toBe(true);
  expect(resolve({ authenticate: () => undefined }, true).guests).toBe(false);
  expect(resolve({}).guests).toBe(true);
  expect(resolve({ authenticate: () => undefined }).guests).toBe(false);
});

it("warns once in production that messages in memory are lost", () => {
  const logger = new LogBook();
  resolve({ logger, guests: true, store: memoryStore() }, true);
  resolve({ logger, guests: true });
  expect(logger.lines).toEqual([]);
  resolve({ logger, guests: true }, true);
  expect(logger.messages("warn")).toEqual([expect.stringContaining("give the option `store`")]);
});

it("refuses what is no server", () => {
  const create = (server: unknown, options = {}) => Reflect.apply(createChatServer, undefined, [server, { logger: new LogBook(), ...options }]);
  expect(() => create(express())).toThrow(/this is a function, such as an Express app: pass `createServer\(app\)`/);
  for (const nothing of [undefined, null, 3000, {}, createNetServer(), new EventEmitter()]) expect(() => create(nothing)).toThrow(/must be a Node HTTP server or a Socket.IO server/);
  expect(() => create(new SocketServer())).toThrow(/attach it first/);
  const own = new SocketServer(createServer());
  onTestFinished(() => own.close());
  own.of("/taken");
  expect(() => create(own, { path: "/taken" })).toThrow(/give the chat another `path`/);
  expect(() => create(own, { adapter: () => undefined, store: memoryStore() })).toThrow(/give it to that server, as `io.adapter/);
  expect(() => create(own, { use: [() => undefined] })).toThrow(/call `io.engine.use/);
});
