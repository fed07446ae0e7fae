import { ChatError, writeCommands } from "@chat-widget/protocol";
import type { Ask } from "../outbox/outbox-item.js";
import type { ServerLink } from "../server-link.js";

/** What the server would refuse is refused here, with the same words. */
export function refusalOf({ name, input }: Ask, { limits: { textBytes, uploads }, refusal }: Pick<ServerLink, "limits" | "refusal">, isFull: boolean): ChatError | undefined {
  if (refusal !== undefined) return refusal;
  if (isFull) return new ChatError("rate-limited", `unable to ask ${name}; too much waits to be sent`);
  if ("text" in input && "attachments" in input && (input.attachments?.length ?? 0) > (uploads?.filesPerMessage ?? 0)) {
    return new ChatError("too-large", `unable to ask ${name}; it has more files than are allowed`, { details: { limit: uploads?.filesPerMessage ?? 0 } });
  }
  if ("text" in input && input.text === "" && !("attachments" in input)) return new ChatError("invalid", `unable to ask ${name}; there is no text`);
  const shape: Record<string, { safeParse(value: unknown): { success: boolean; data?: unknown } } | undefined> = writeCommands[name].input.shape;
  for (const [key, value] of Object.entries(input)) {
    const parsed = shape[key]?.safeParse(value);
    if (!parsed?.success) return new ChatError("invalid", `unable to ask ${name}; its ${key} does not fit the contract`);
    if (key === "text" && new TextEncoder().encode(String(parsed.data)).length > textBytes) {
      return new ChatError("too-large", `unable to ask ${name}; the text has more than ${textBytes} bytes`, { details: { limit: textBytes } });
    }
  }
  return undefined;
}
