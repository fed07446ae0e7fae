import type { ServerResponse } from "node:http";
import type { ChatError } from "@chat-widget/protocol";

/** Answers with an error in the form that travels everywhere else. */
export function answerError(response: ServerResponse, status: number, error: ChatError): void {
  answerJson(response, status, { error });
}

/** Answers with JSON that nobody keeps. */
export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.setHeader("Content-Length", Buffer.byteLength(text));
  response.writeHead(status).end(response.req.method === "HEAD" ? undefined : text);
}
