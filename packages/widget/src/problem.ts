import type { ChatError, ErrorCode, Retry } from "@chat-widget/protocol";

// The class itself is in a module that brings all schemas along; until the client is fetched, its shape must do.

/** Makes a `ChatError`. `retry` is `no` unless given: a wrong attribute does not mend itself. */
export function chatError(code: ErrorCode, message: string, { retry = "no", cause }: { retry?: Retry; cause?: unknown } = {}): ChatError {
  const toJSON = () => ({ code, message, retry });
  return Object.assign(new Error(message, { cause }), { name: "ChatError" as const, code, retry, retryAfterMs: undefined, details: undefined, toJSON });
}

/** The error as it is when it is a `ChatError`, else one that says what did not work. */
export function chatErrorOf(cause: unknown, what: string): ChatError {
  if (isChatError(cause)) return cause;
  return chatError("internal", `unable to ${what}; ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}

function isChatError(value: unknown): value is ChatError {
  return value instanceof Error && value.name === "ChatError" && "retry" in value;
}
