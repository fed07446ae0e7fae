import type { IncomingMessage } from "node:http";
import { ChatError } from "@chat-widget/protocol";
import type { Clock, Timer } from "../clock.js";

/** How long nothing may come. */
const idleMs = 30_000;

/** The body of a request, which ends with an error when nothing comes for half a minute, or it is not all there at a moment. @throws {ChatError} `timeout` */
export async function* bodyOf(request: IncomingMessage, clock: Clock, until: number): AsyncGenerator<Uint8Array> {
  let timer: Timer | undefined;
  const late = () => request.destroy(new ChatError("timeout", "unable to take the file; nothing comes"));
  const wait = (): void => {
    if (timer !== undefined) clock.clearTimeout(timer);
    timer = clock.setTimeout(late, Math.min(idleMs, Math.max(0, until - clock.now())));
  };
  try {
    wait();
    // Not destroyed with the loop: whoever sends is still to be told why.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      yield chunk;
      wait();
    }
  } finally {
    if (timer !== undefined) clock.clearTimeout(timer);
  }
}
