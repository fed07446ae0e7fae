import { defineConfig } from "@playwright/test";
import { chromium } from "./browsers.config.js";

export default defineConfig({
  testDir: "e2e",
  // The pictures of the docs are made on request, not at every run.
  testMatch: process.env["SCREENSHOTS"] === undefined ? "*.spec.ts" : "*.screenshot.ts",
  workers: 2,
  timeout: 60_000,
  reporter: "list",
  forbidOnly: process.env["CI"] !== undefined,
  use: { browserName: "chromium", launchOptions: chromium, trace: "retain-on-failure" },
});
