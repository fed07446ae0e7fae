import { randomBytes } from "node:crypto";
import type { PostgresClient } from "./client.js";

/** The secret of the store, made when there is none. */
export async function readSecret(client: PostgresClient, schema: string): Promise<Uint8Array<ArrayBuffer>> {
  // Fails while a dump is put back: keys come last.
  await client.query(`insert into "${schema}".meta (key, value) values ('secret', $1) on conflict (key) do nothing`, [randomBytes(32).toString("base64")]);
  const { rows } = await client.query(`select value from "${schema}".meta where key = 'secret'`);
  // The column is written above.
  const [row] = rows as { value: string }[];
  if (row === undefined) throw new Error("its table meta was changed by another program");
  return new Uint8Array(Buffer.from(row.value, "base64"));
}
