import { ChatError, WireError } from "@chat-widget/protocol";

/** The error of a connection that did not come to be: a server that refuses says why in `data`; anything else is the network's. */
export function refusalOf(data: unknown, reason: string): ChatError {
  const wire = WireError.safeParse(data);
  return wire.success ? new ChatError(wire.data) : new ChatError("unavailable", `unable to connect; ${reason}`);
}
