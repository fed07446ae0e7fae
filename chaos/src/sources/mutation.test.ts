import { expect, it } from "vitest";
import { controls } from "../controls/controls.ts";
import { mutate, withMutations } from "./mutation.ts";

it("changes what is there once, and refuses to change nothing or to guess", () => {
  const change = { file: "a.ts", find: "b", replace: "$&" };
  expect(mutate("abc", change)).toBe("a$&c");
  expect(() => mutate("ac", change)).toThrow("0 times instead of once");
  expect(() => mutate("abb", change)).toThrow("2 times instead of once");
});

it.each(controls)("still fits the sources: $title", ({ mutations }) => {
  expect(() => withMutations(mutations)).not.toThrow();
});
