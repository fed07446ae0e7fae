import { ChatError } from "@chat-widget/protocol";
import { expect, it } from "vitest";
import { en } from "../i18n/en.js";
import { reasonOf } from "./reason.js";

it("gives the application's reason where there is one, and words of the chat for everything else", () => {
  const refused = (details?: Record<string, unknown>) => reasonOf(new ChatError("refused", "unable to write; the rules do not allow it", details && { details }), en);
  expect(refused({ reason: "No links, please." })).toBe("No links, please.");
  expect([refused(), refused({ reason: 7 })]).toEqual([en.errors["refused"], en.errors["refused"]]);
  expect(reasonOf(new ChatError("forbidden", "unable to write", { details: { reason: "not of the rules" } }), en)).toBe(en.errors["forbidden"]);
  expect(reasonOf(new ChatError({ code: "newer-than-this", message: "", retry: "no" }), en)).toBe(en.errors.internal);
});
