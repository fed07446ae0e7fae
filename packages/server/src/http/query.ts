import type { IncomingMessage } from "node:http";

/** The query of a request, read as Engine.IO reads it (the last value counts), so that no spelling passes one and not the other. */
export function queryOf(request: IncomingMessage): ReadonlyMap<string, string> {
  return new Map(new URL(request.url ?? "/", "http://localhost").searchParams);
}
