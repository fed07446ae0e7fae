import type { WireError } from "@chat-widget/protocol";
import type { DriverName } from "./driver.js";
import type { SqliteDatabase } from "./sqlite-database.js";

/** What a thread of a database is made with. */
export interface ThreadOptions {
  driver: DriverName;
  /** An absolute path, or `":memory:"`. */
  filename: string;
  synchronous: "full" | "normal";
  search: boolean;
}

/** What a thread can be asked. */
export type Method = { [Name in keyof SqliteDatabase]: SqliteDatabase[Name] extends (...args: never[]) => unknown ? Name : never }[keyof SqliteDatabase];

/** One call, answered once, in order. */
export interface Question {
  method: Method;
  args: unknown[];
}

/** What came of it. A ChatError travels as on the wire, of anything else its message: not every driver's errors can be cloned. */
export type Answer = { result: unknown } | { chatError: WireError } | { reason: string };
