import type { IncomingMessage } from "node:http";
import { ChatError } from "@chat-widget/protocol";

/** More than the longest message needs, however it is written. */
const mostBytes = 262_144;

/** The JSON that a request carries; undefined when it carries nothing. @throws {ChatError} `invalid`, `too-large` */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    if (size > mostBytes) throw new ChatError("too-large", `unable to read the body; more than ${mostBytes} bytes are not allowed`, { details: { limit: mostBytes } });
    chunks.push(bytes);
  }
  if (size === 0) return undefined;
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers["content-type"] ?? "")) throw new ChatError("invalid", "unable to read the body; its content-type must be application/json");
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (cause) {
    throw new ChatError("invalid", "unable to read the body; it is not JSON", { cause });
  }
}
