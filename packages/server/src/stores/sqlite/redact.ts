import { redactEvent, redactMessage } from "../forget.js";
import type { Statements } from "./statements.js";

/** Takes names out of events and of the messages they sent, within a transaction that is open. */
export function redact(sql: Statements, roomId: string, seqs: readonly number[]): void {
  for (const seq of seqs) {
    const event = sql.eventAt.get(roomId, seq);
    if (event !== undefined) sql.scrubEvent.run(JSON.stringify(redactEvent(JSON.parse(event.body))), roomId, seq);
    const message = sql.messageAt.get(roomId, seq);
    if (message !== undefined) sql.rewriteMessage.run(JSON.stringify(redactMessage(JSON.parse(message.body))), roomId, seq);
  }
}
