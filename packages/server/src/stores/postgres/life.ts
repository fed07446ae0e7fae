import { randomUUID } from "node:crypto";
import { ChatError } from "@chat-widget/protocol";
import { isPassing, type PostgresClient } from "./client.js";
import { statementsOn, type Statements } from "./statements.js";

/**
 * What tells a database from its copies: the server, and the timeline it is on, a number that goes up when a standby is
 * promoted or a backup is brought to a point in time. Any user may ask. A standby fails to answer.
 */
const serverMark = "(select system_identifier from pg_control_system()) || ' ' || left(pg_walfile_name(pg_current_wal_lsn()), 8)";
/** The table is another one when a dump was restored. */
const tableMark = "meta.tableoid";

/** One life of the store, in which a number means one event: from its making, a failover or a restored backup to the next. */
export class Life {
  readonly epoch: string;
  readonly sql: Statements;
  /** As statements give it. */
  readonly name: string;
  readonly #over = new AbortController();

  constructor(epoch: string, name: string, sql: Statements) {
    this.epoch = epoch;
    this.name = name;
    this.sql = sql;
  }

  /** Aborted once something was read in another life. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Gives rows that were read in this life. @throws {ChatError} `unavailable` when they were read in another */
  rowsOf<Row extends { life: string }>(rows: unknown[]): Row[] {
    // SQL has no types; every caller writes the columns and their Row side by side.
    const read = rows as Row[];
    const name: string | null | undefined = read[0]?.life;
    if (name === undefined || name === this.name) return read;
    // Tables that a backup is just being put back into belong to no life yet.
    if (name !== null) this.#over.abort();
    throw new ChatError("unavailable", "unable to use the store; its database was replaced");
  }
}

/** Finds out which life the store is in. One that its table meta does not know begins now, with a new epoch. */
export async function findLife(client: PostgresClient, schema: string): Promise<Life> {
  const meta = `"${schema}".meta`;
  const mark = (await hasServerMark(client)) ? `${tableMark} || ' ' || ${serverMark}` : `${tableMark}::text`;
  await client.query("begin isolation level read committed");
  await client.query(`insert into ${meta} (key, value) values ('epoch', $1) on conflict (key) do nothing`, [randomUUID()]);
  // Of servers that come at once, one decides.
  await client.query(`select from ${meta} where key = 'epoch' for update`);
  const { rows } = await client.query(`select value as epoch, ${mark} as mark, (select value from ${meta} where key = 'mark') as noted from ${meta} as meta where key = 'epoch'`);
  // The columns are written above.
  const [found] = rows as { epoch: string; mark: string; noted: string | null }[];
  if (found === undefined) throw new Error("its table meta was changed by another program");
  const { noted } = found;
  const isOther = noted !== null && !agree(noted, found.mark);
  const epoch = isOther ? randomUUID() : found.epoch;
  const set = `insert into ${meta} (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value`;
  if (isOther) await client.query(set, ["epoch", epoch]);
  if (isOther || found.mark.length > (noted?.length ?? 0)) await client.query(set, ["mark", found.mark]);
  await client.query("commit");
  return new Life(epoch, `${epoch} ${found.mark}`, statementsOn(schema, mark));
}

/** Whether two marks may be of one life; a server with fewer rights than others sees less of it. */
function agree(one: string, other: string): boolean {
  return `${one} `.startsWith(`${other} `) || `${other} `.startsWith(`${one} `);
}

/** False where the log of PostgreSQL is not PostgreSQL's, as with some services, or may not be asked for. */
async function hasServerMark(client: PostgresClient): Promise<boolean> {
  try {
    await client.query(`select ${serverMark}`);
    return true;
  } catch (error) {
    if (isPassing(error)) throw error;
    const { rows } = await client.query("select 1 where pg_is_in_recovery()");
    if (rows.length > 0) throw new Error("it is a standby, which cannot be written to", { cause: error });
    return false;
  }
}
