import { expect, it } from "vitest";
import * as door from "./index.js";

it("exports these names and no others", () => {
  expect(Object.keys(door).toSorted()).toEqual(["ChatError", "createChatClient", "defineEvents", "filesFrom", "indexedDbStorage", "memoryStorage", "storageByConsent"]);
});
