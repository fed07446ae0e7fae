import { once } from "node:events";
import { type ServerResponse, createServer } from "node:http";
import { Webhook } from "standardwebhooks";
import type { RoomEvent } from "@chat-widget/protocol";
import { listen } from "./test-server.js";

export const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

interface Told {
  id: string;
  roomId: string;
  events: RoomEvent[];
}

/** An application that is told by webhook; it checks every signature with the reference implementation. */
export class WebhookReceiver {
  /** What it accepted, in order. */
  readonly told: Told[] = [];
  /** The ids of what it refused. */
  readonly refused: string[] = [];
  /** Whether it answers with an error. */
  isBroken = false;
  /** Answers that wait for this. */
  gate: Promise<void> = Promise.resolve();
  url = "";

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    const server = createServer((request, response) => {
      const { headers } = request;
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => void chunks.push(chunk));
      void once(request, "end").then(() => receiver.#take(Buffer.concat(chunks).toString(), headers as Record<string, string>, response));
    });
    receiver.url = `${(await listen(server)).origin}/hook`;
    return receiver;
  }

  /** The texts it was told of, in order. */
  texts(roomId: string): string[] {
    return this.told.filter((told) => told.roomId === roomId).flatMap(({ events }) => events.map((event) => ("text" in event ? event.text : event.type)));
  }

  async #take(body: string, headers: Record<string, string>, response: ServerResponse): Promise<void> {
    const { data } = new Webhook(secret).verify(body, headers) as { data: Omit<Told, "id"> };
    const id = headers["webhook-id"] ?? "";
    await this.gate;
    if (this.isBroken) this.refused.push(id);
    else this.told.push({ id, ...data });
    response.writeHead(this.isBroken ? 503 : 204).end();
  }
}
