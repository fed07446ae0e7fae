import { defineConfig } from "@playwright/test";
import { chromium } from "./browsers.config.js";
import { firefox } from "./firefox.config.js";

/** The pictures of the docs are made on request, not at every run. */
const isForPictures = process.env["SCREENSHOTS"] !== undefined;

export default defineConfig({
  testDir: "e2e",
  workers: 2,
  timeout: 60_000,
  reporter: "list",
  forbidOnly: process.env["CI"] !== undefined,
  projects: [
    {
      name: "chromium",
      testMatch: isForPictures ? "*.screenshot.ts" : "*.spec.ts",
      use: { browserName: "chromium", launchOptions: chromium, trace: "retain-on-failure" },
    },
    {
      name: "firefox",
      // What every browser has to do: a conversation, hostile texts, the page around. Where there is no Firefox, a test says so.
      testMatch: isForPictures ? [] : firefox === undefined ? "no-firefox.ts" : ["conversation.spec.ts", "xss.spec.ts", "embedding.spec.ts"],
      use: { browserName: "firefox", channel: "moz-firefox", ...(firefox && { launchOptions: firefox }) },
    },
  ],
});
