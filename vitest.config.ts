import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromium } from "./browsers.config.js";

const source = `${import.meta.dirname}/packages`;

/** Only for what hangs: how long something takes is no test, and machines may be busy. */
const testTimeout = 20_000;

/** Tests run on the sources of the workspace, not on what was built. */
const resolve = {
  alias: [
    { find: /^@chat-widget\/(\w+)$/, replacement: `${source}/$1/src/index.ts` },
    { find: /^@chat-widget\/(\w+)\/(sqlite|postgres|jwt|s3|define|text)$/, replacement: `${source}/$1/src/$2.ts` },
  ],
};

export default defineConfig({
  test: {
    projects: [
      // Threads and child processes that tests start run on the sources as well.
      { resolve, test: { name: "node", environment: "node", testTimeout, execArgv: ["--disable-warning=ExperimentalWarning", "--import", `${import.meta.dirname}/chaos/src/sources/run-from-sources.ts`], include: ["packages/*/{src,test}/**/*.test.ts", "scripts/**/*.test.ts", "examples/**/*.test.js", "simulation/*.test.ts", "chaos/src/**/*.test.ts"], exclude: ["**/*.browser.test.ts", "**/node_modules/**"] } },
      {
        resolve,
        test: {
          name: "browser",
          testTimeout,
          include: ["packages/*/src/**/*.browser.test.ts"],
          browser: { enabled: true, headless: true, screenshotFailures: false, provider: playwright({ launchOptions: chromium }), instances: [{ browser: "chromium" }] },
        },
      },
    ],
  },
});
