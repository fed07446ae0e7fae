import { existsSync } from "node:fs";

const firstThatExists = (...paths: (string | undefined)[]): string | undefined => paths.find((path) => path !== undefined && existsSync(path));

/** Headless, as root, without asking anything of the network. */
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** The Chromium for tests: the machine's own where there is one, else the one inside an npm package. */
async function chromiumPath(): Promise<string | undefined> {
  const installed = firstThatExists(process.env["CHROMIUM_PATH"], "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome-stable", "/usr/bin/google-chrome");
  if (installed !== undefined && process.env["CHROMIUM_BUNDLED"] === undefined) return installed;
  if (process.platform !== "linux" || process.arch !== "x64") return undefined; // Playwright's own download, where there is one
  process.env["AWS_LAMBDA_JS_RUNTIME"] ??= "nodejs22.x"; // makes the package unpack the libraries a bare machine lacks
  const { default: bundled } = await import("@sparticuz/chromium");
  return bundled.executablePath();
}

const executablePath = await chromiumPath();

/** Launch options of Playwright for the Chromium every browser test uses. */
export const chromium = { args, ...(executablePath !== undefined && { executablePath }) };
