import { expect, it } from "vitest";
import { applyEvent } from "./apply-event.js";

it("gives undefined for a change to a message that is not at hand", () => {
  expect(applyEvent(undefined, { type: "message.deleted", seq: 2, id: "a", at: 0, by: "u", messageId: "m" })).toBeUndefined();
});
