import { existsSync } from "node:fs";
import { ensureProgram } from "./scripts/ensure-program.mjs";

const usualPlaces = ["/usr/bin/firefox", "/usr/bin/firefox-esr", "/Applications/Firefox.app/Contents/MacOS/firefox"];

/** The Firefox of the machine, installed where that is possible; an empty text where there is none. */
function firefoxPath(): string {
  const path = usualPlaces.find((place) => existsSync(place));
  if (path !== undefined) return path;
  try {
    return ensureProgram("firefox-esr");
  } catch {
    return "";
  }
}

// Every process of a run asks; the answer of the first is kept for the others.
const executablePath = (process.env["FIREFOX_PATH"] ??= firefoxPath());

/** It asks nobody anything on its own. */
const firefoxUserPrefs = { "services.settings.server": "data:,#remote-settings-dummy/v1", "app.normandy.enabled": false, "datareporting.policy.dataSubmissionEnabled": false };

/** Launch options of Playwright for a Firefox as it is released, driven by WebDriver BiDi; undefined where there is none. */
export const firefox = executablePath === "" ? undefined : { executablePath, firefoxUserPrefs };
