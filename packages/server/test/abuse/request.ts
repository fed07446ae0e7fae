import { once } from "node:events";
import { type IncomingHttpHeaders, request } from "node:http";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

interface Question {
  method?: string;
  /** Names and values in turn, so that a name may come twice. */
  headers?: readonly string[];
  body?: string;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

const upgrade = ["Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="];

/** Asks as no browser would, on a connection of its own. */
export async function ask(port: number, path: string, { method = "GET", headers = [], body }: Question = {}): Promise<Answer> {
  const asked = request({ port, host: "127.0.0.1", path, method, agent: false, headers: ["Host", `127.0.0.1:${port}`, ...headers] });
  onTestFinished(() => void asked.destroy());
  const answered = new Promise<Answer>((resolve, reject) => {
    asked.on("error", reject);
    asked.on("response", (response) => {
      const { statusCode: status = 0, headers } = response;
      resolve(text(response).then((body) => ({ status, headers, body })));
    });
    asked.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: "" });
    });
  });
  asked.end(body);
  return answered;
}

/** The status with which the server answers a page that opens a connection one way or the other. */
export async function open(port: number, transport: "polling" | "websocket", headers: readonly string[], query = ""): Promise<Answer> {
  const path = `/chat/socket.io/?EIO=4&transport=${transport}${query}`;
  return ask(port, path, { headers: transport === "websocket" ? [...upgrade, ...headers] : headers });
}

/** A session by long polling, without a client around it. */
export class Poller {
  readonly #port: number;
  readonly #path: string;

  private constructor(port: number, path: string) {
    this.#port = port;
    this.#path = path;
  }

  static async open(port: number, headers: readonly string[] = []): Promise<Poller> {
    const path = "/chat/socket.io/?EIO=4&transport=polling";
    const { sid } = JSON.parse((await ask(port, path, { headers })).body.slice(1));
    return new Poller(port, `${path}&sid=${sid}`);
  }

  poll(): Promise<Answer> {
    return ask(this.#port, this.#path);
  }

  post(body: string, headers: readonly string[] = []): Promise<Answer> {
    return ask(this.#port, this.#path, { method: "POST", headers: ["Content-Type", "text/plain", ...headers], body });
  }

  /** Begins to send a body and never ends it. */
  async drip(start: string, headers: readonly string[]): Promise<void> {
    const asked = request({ port: this.#port, host: "127.0.0.1", path: this.#path, method: "POST", agent: false, headers: ["Host", "x", ...headers] });
    asked.on("error", () => undefined);
    onTestFinished(() => void asked.destroy());
    asked.write(start);
    await once(asked, "socket");
  }
}
