import type { OutboxItem } from "./outbox-item.js";

/** What the frame, the name and the room of a batch may take. */
const envelopeBytes = 512;
/** A command on which the connection died this often is sent alone, so that it shows whether it is the reason. */
const breaksInCompany = 3;

/** Whether a command is to be sent alone. */
export function isSuspect({ breaks = 0 }: OutboxItem): boolean {
  return breaks >= breaksInCompany;
}

/** The first items that fit into one packet together; the first goes whatever its size. */
export function nextBatch(waiting: readonly OutboxItem[], batchSize: number, packetBytes: number): OutboxItem[] {
  const encoder = new TextEncoder();
  let bytes = envelopeBytes;
  const batch: OutboxItem[] = [];
  for (const item of waiting.slice(0, batchSize)) {
    bytes += encoder.encode(JSON.stringify(item.write)).length + 1;
    if (batch.length > 0 && (bytes > packetBytes || isSuspect(item))) break;
    batch.push(item);
    if (isSuspect(item)) break;
  }
  return batch;
}
