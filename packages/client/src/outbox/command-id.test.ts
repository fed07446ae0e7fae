import { CommandId } from "@chat-widget/protocol";
import { expect, it } from "vitest";
import { commandId } from "./command-id.js";

it("makes ids that the contract takes, none twice, in the order they were made", () => {
  const now = 1_700_000_000_000;
  // Within one millisecond, over more than fit into it, with the clock going on and being set back.
  const ids = Array.from({ length: 20_000 }, (_, n) => commandId(n < 10_000 ? now : n % 2 === 0 ? now + n : now - n));
  expect(ids.every((id) => CommandId.safeParse(id).success)).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
});

it("says when it was made", () => {
  const id = commandId(2_000_000_000_000);
  expect(Number.parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(2_000_000_000_000);
});
