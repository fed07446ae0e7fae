import { defineConfig } from "@playwright/test";
import { chromium } from "./browsers.config.js";

export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts",
  workers: 2,
  timeout: 60_000,
  reporter: "list",
  forbidOnly: process.env["CI"] !== undefined,
  use: { browserName: "chromium", launchOptions: chromium, trace: "retain-on-failure" },
});
