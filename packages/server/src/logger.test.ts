import { afterEach, expect, it, vi } from "vitest";
import { ChatError } from "@chat-widget/protocol";
import { LogBook } from "../test/test-server.js";
import { consoleLogger, createExplain, createReport, unfailing } from "./logger.js";

afterEach(() => void vi.restoreAllMocks());

it("prints warnings and errors in one line that nothing in it can break", () => {
  const printed = vi.spyOn(console, "warn").mockReturnValue();
  consoleLogger.warn({ origin: "https://evil\n[chat] all is well \u001B[2J" }, "refused");
  expect(printed).toHaveBeenCalledExactlyOnceWith('[chat] refused {"origin":"https://evil\\n[chat] all is well \\u001b[2J"}');
});

it("prints the stack of an error", () => {
  const printed = vi.spyOn(console, "error").mockReturnValue();
  consoleLogger.error({ id: "1", err: new Error("oops") }, "a command failed");
  expect(printed).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/^\[chat\] a command failed \{"id":"1"\}\n {2}Error: oops\n +at /));
});

it("lets no name and no error begin a line, move the cursor or turn the order of the text", () => {
  const printed = vi.spyOn(console, "error").mockReturnValue();
  consoleLogger.error({ name: "\u2028\u009B2J\u202E", err: Object.assign(new Error(), { stack: "Error: x\n[chat] all is well\r\u001B[2J" }) }, "refused");
  expect(printed).toHaveBeenCalledExactlyOnceWith('[chat] refused {"name":"\\u2028\\u009b2J\\u202e"}\n  Error: x\n  [chat] all is well\\u000d\\u001b[2J');
});

it("logs an error once that makes many commands fail, and tells its cause to nobody else", () => {
  const log = new LogBook();
  const explain = createExplain(createReport(log, undefined));
  const down = new ChatError("unavailable", "unable to read; the store is down", { cause: new Error("ECONNREFUSED") });
  for (let n = 0; n < 3; n++) expect(JSON.stringify(explain(down))).not.toContain("ECONNREFUSED");
  expect(log.lines).toEqual([{ level: "error", message: down.message, fields: { id: expect.any(String), err: down.cause } }]);
});

it("gives an error that nobody expected an id under which it is logged", () => {
  const log = new LogBook();
  const told: unknown[] = [];
  const mistake = new TypeError("x is not a function");
  const explained = createExplain(createReport(log, (error) => told.push(error)))(mistake);
  expect(explained).toMatchObject({ code: "internal", details: { id: log.lines[0]?.fields["id"] } });
  expect(JSON.stringify(explained)).not.toContain("x is not");
  expect(told).toEqual([mistake]);
});

it.each([
  [
    "throws",
    () => {
      throw new Error("the tracker is down");
    },
  ],
  ["rejects", () => Promise.reject(new Error("the tracker is down"))],
])("survives an application that %s when it is told of errors", async (_what, onError) => {
  const log = new LogBook();
  createReport(log, onError)(new Error("oops"), "a command failed");
  await new Promise((resolve) => setImmediate(resolve));
  expect(log.messages("error")).toEqual(["a command failed", "unable to hand an error to the application; `onError` failed"]);
});

it("leaves out what of an error cannot be sent", () => {
  const log = new LogBook();
  const explained = createExplain(createReport(log, undefined))(new ChatError("forbidden", "unable to pay; too little", { details: { cents: 10n } }));
  expect(JSON.parse(JSON.stringify(explained))).toMatchObject({ code: "forbidden", message: "unable to pay; too little" });
  expect(log.messages("error")).toHaveLength(1);
});

it("goes on when the logger itself fails", () => {
  const broken = () => {
    throw new Error("the disk is full");
  };
  const logger = unfailing({ debug: broken, info: broken, warn: broken, error: broken });
  for (const level of ["debug", "info", "warn", "error"] as const) expect(() => logger[level]({}, "anything")).not.toThrow();
});

it("hears of a logger that fails later no more than of one that fails at once", async () => {
  const unhandled = vi.fn();
  process.on("unhandledRejection", unhandled);
  // An application in JavaScript may log over a network.
  const broken = { ...new LogBook() };
  Reflect.set(broken, "warn", () => Promise.reject(new Error("the log server is down")));
  unfailing(broken).warn({}, "anything");
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

it("does not take for a ChatError what only goes by the name", () => {
  const log = new LogBook();
  const lookalike = Object.assign(new Error("oops"), { name: "ChatError", retry: 3 });
  expect(createExplain(createReport(log, undefined))(lookalike)).toMatchObject({ code: "internal", details: { id: expect.any(String) } });
  expect(log.lines).toMatchObject([{ level: "error", fields: { err: lookalike } }]);
});
