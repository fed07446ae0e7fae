import { expect, expectTypeOf, it } from "vitest";
import { ChatError, type ErrorCode, WireError, chatErrorFrom, errorCodes } from "./index.js";

it("knows what can be done about each code", () => {
  for (const [code, { retry }] of Object.entries(errorCodes)) {
    expect(new ChatError(code as ErrorCode, "unable to x; y")).toMatchObject({ name: "ChatError", code, retry, message: "unable to x; y" });
  }
  expectTypeOf<"invalid">().toExtend<ErrorCode>();
});

it("travels and comes back the same, without its cause and stack", () => {
  const error = new ChatError("rate-limited", "unable to send message; too many", { retryAfterMs: 800, details: { limit: 5, places: ["text"] }, cause: new Error("secret") });
  const text = JSON.stringify({ error });
  expect(text).not.toMatch(/secret|stack|cause/);
  const { error: wire }: { error: unknown } = JSON.parse(text);
  expect(WireError.parse(wire)).toEqual(wire);
  const back = chatErrorFrom(wire);
  expect(back.toJSON()).toEqual(error.toJSON());
  expect(back).toBeInstanceOf(ChatError);
  expect(error.cause).toEqual(new Error("secret"));
  expect(back).not.toHaveProperty("cause");
});

it("keeps the code and class of a newer server", () => {
  expect(chatErrorFrom({ code: "room-closed", message: "unable to send; the room is closed", retry: "reset" })).toMatchObject({ code: "room-closed", retry: "reset" });
  expect(chatErrorFrom({ code: "room-closed", message: "m", retry: "tomorrow" }).retry).toBe("no");
});

it("leaves out a wait and details it cannot read, and keeps the rest", () => {
  const wire = { code: "rate-limited", message: "m", retry: "same", retryAfterMs: null, details: "none", hint: "new" };
  expect(chatErrorFrom(wire).toJSON()).toEqual({ code: "rate-limited", message: "m", retry: "same" });
});

it.each([undefined, null, 0, "", "boom", [], {}, { code: "" }, { code: 1, message: "m", retry: "no" }, { code: "x".repeat(65), message: "m", retry: "no" }, { code: "x", message: "m" }])(
  "reads %j as internal",
  (raw) => {
    expect(chatErrorFrom(raw)).toMatchObject({ code: "internal", retry: "no" });
  },
);

it("recognises the ChatError of another copy of the package", () => {
  const foreign = Object.assign(new Error("m"), { name: "ChatError", code: "invalid", retry: "no" });
  expect(ChatError.is(foreign)).toBe(true);
  expect(ChatError.is(new ChatError("invalid", "m"))).toBe(true);
});

it.each([[new Error("m")], [Object.assign(new Error("m"), { name: "ChatError" })], [{ name: "ChatError", retry: "no" }], [null], [undefined], ["ChatError"]])("does not take %s for one", (value) => {
  expect(ChatError.is(value)).toBe(false);
});
