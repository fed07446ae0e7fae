import { redactEvent, redactMessage } from "../forget.js";
import type { PostgresClient } from "./client.js";
import type { Life } from "./life.js";

interface Row {
  life: string;
  seq: string;
  body: string;
}

/** Takes names out of events and of the messages they sent, within a transaction that is open. */
export async function redact(client: PostgresClient, life: Life, roomId: string, seqs: readonly number[]): Promise<void> {
  const { sql } = life;
  const rowsOf = async (text: string) => life.rowsOf<Row>((await client.query(text, [roomId, seqs])).rows);
  // Whoever writes to the room locks it too, so that what is read here is not changed meanwhile.
  await client.query(sql.lockRooms, [[roomId]]);
  const [events, messages] = [await rowsOf(sql.eventsAt), await rowsOf(sql.messagesAt)];
  const placesOf = (rows: readonly Row[]) => rows.map(({ seq }) => seq);
  await client.query(sql.scrubEvents, [roomId, placesOf(events), events.map(({ body }) => JSON.stringify(redactEvent(JSON.parse(body))))]);
  await client.query(sql.rewriteMessages, [roomId, placesOf(messages), messages.map(({ body }) => JSON.stringify(redactMessage(JSON.parse(body))))]);
}
