import { expect, it } from "vitest";
import * as door from "./index.js";

it("exports the class and its registration, and can be imported where there is no page", () => {
  expect(Object.keys(door).sort()).toEqual(["ChatWidget", "defineChatWidget"]);
  expect(globalThis.document).toBeUndefined();
});
