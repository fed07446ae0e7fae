import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { ensureProgram } from "../scripts/ensure-program.mjs";
import { freePort } from "./example.js";

/** How long the driver may take to listen. */
const startAttempts = 100;
/** The name under which WebDriver speaks of an element. */
const elementKey = "element-6066-11e4-a52e-4f735466cecf";

/** The programs that bring WebKit as GTK has it, installed where that is possible; undefined where they are not. */
export function webKitPrograms(): { driver: string; display: string } | undefined {
  try {
    return { driver: ensureProgram("WebKitWebDriver"), display: ensureProgram("Xvfb") };
  } catch {
    return undefined;
  }
}

/** A window of WebKit, driven by WebDriver; Playwright drives only a WebKit of its own. */
export class WebKit {
  readonly #programs: readonly ChildProcess[];
  readonly #session: string;

  private constructor(programs: readonly ChildProcess[], session: string) {
    this.#programs = programs;
    this.#session = session;
  }

  static async start(paths: { driver: string; display: string }): Promise<WebKit> {
    // It says on its output which number it took.
    const screen = spawn(paths.display, ["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"], { stdio: ["ignore", "pipe", "ignore"] });
    const [number]: unknown[] = await once(screen.stdout, "data");
    const port = await freePort();
    const driver = spawn(paths.driver, [`--port=${port}`, "--host=127.0.0.1"], { env: { ...process.env, DISPLAY: `:${String(number).trim()}`, GDK_BACKEND: "x11" }, stdio: "ignore" });
    const address = `http://127.0.0.1:${port}/session`;
    for (let attempt = 1; ; attempt++) {
      const session = await command("POST", address, { capabilities: { alwaysMatch: { browserName: "MiniBrowser" } } }).catch((error: unknown) => {
        if (attempt === startAttempts || driver.exitCode !== null) throw error;
        return undefined;
      });
      if (isRecord(session)) return new WebKit([driver, screen], `${address}/${String(session["sessionId"])}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async open(url: string): Promise<void> {
    await command("POST", `${this.#session}/url`, { url });
  }

  /** Runs a function in the page, as it is written, and gives what it gives. */
  async run<A extends readonly unknown[], T>(inPage: (...args: A) => T, ...args: A): Promise<T> {
    const value = await command("POST", `${this.#session}/execute/sync`, { script: `return (${inPage.toString()}).apply(null, arguments)`, args });
    // What a function gives is what comes back, as far as JSON can say it.
    return value as T;
  }

  /** Types into the element that a function of the page finds; `\uE007` is Enter. */
  async type(find: () => unknown, text: string): Promise<void> {
    const found = await this.run(find);
    if (!isRecord(found)) throw new Error("unable to type; there is no such element");
    await command("POST", `${this.#session}/element/${String(found[elementKey])}/value`, { text });
  }

  async stop(): Promise<void> {
    await command("DELETE", this.#session).catch(() => undefined);
    for (const program of this.#programs) {
      if (program.exitCode !== null) continue;
      const exited = once(program, "exit");
      program.kill();
      await exited;
    }
  }
}

async function command(method: string, url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }) });
  const answer: unknown = await response.json();
  const value = isRecord(answer) ? answer["value"] : undefined;
  if (!response.ok) throw new Error(`unable to drive WebKit; ${JSON.stringify(value)}`);
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
