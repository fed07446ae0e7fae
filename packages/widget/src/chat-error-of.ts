import { ChatError } from "@chat-widget/protocol";

/** The error as it is when it is a `ChatError`, else one that says what did not work. */
export function chatErrorOf(cause: unknown, what: string): ChatError {
  if (ChatError.is(cause)) return cause;
  return new ChatError("internal", `unable to ${what}; ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}
