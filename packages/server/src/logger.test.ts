import { afterEach, expect, it, vi } from "vitest";
import { ChatError } from "@chat-widget/protocol";
import { LogBook } from "../test/test-server.js";
import { consoleLogger, createExplain, createReport } from "./logger.js";

afterEach(() => void vi.restoreAllMocks());

it("prints warnings and errors in one line that nothing in it can break", () => {
  const printed = vi.spyOn(console, "warn").mockReturnValue();
  consoleLogger.warn({ origin: "https://evil\n[chat] all is well \u001B[2J" }, "refused");
  expect(printed).toHaveBeenCalledExactlyOnceWith('[chat] refused {"origin":"https://evil\\n[chat] all is well \\u001b[2J"}');
});

it("prints the stack of an error", () => {
  const printed = vi.spyOn(console, "error").mockReturnValue();
  consoleLogger.error({ id: "1", err: new Error("oops") }, "a command failed");
  expect(printed).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/^\[chat\] a command failed \{"id":"1"\}\nError: oops\n +at /));
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

it("survives an application that fails at being told of errors", () => {
  const log = new LogBook();
  createReport(log, () => {
    throw new Error("the tracker is down");
  })(new Error("oops"), "a command failed");
  expect(log.messages("error")).toEqual(["a command failed", "unable to hand an error to the application; `onError` threw"]);
});
