import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Answers with JSON, or with nothing. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  if (body === undefined || status === 204) return void response.writeHead(status).end();
  const text = JSON.stringify(body);
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.setHeader("Content-Length", Buffer.byteLength(text));
  response.writeHead(status).end(text);
}

/** Answers with one line of JSON for each of many, as fast as they are read. What fails before the first of them fails as any answer does; after it, the answer breaks off. */
export async function sendLines(response: ServerResponse, status: number, items: AsyncIterable<unknown>): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  const first = await iterator.next();
  response.setHeader("Content-Type", "application/x-ndjson; charset=utf-8");
  response.writeHead(status);
  await pipeline(Readable.from(linesOf(first, iterator)), response);
}

async function* linesOf(first: IteratorResult<unknown>, rest: AsyncIterator<unknown>): AsyncGenerator<string> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) yield `${JSON.stringify(next.value)}\n`;
  } finally {
    await rest.return?.();
  }
}
