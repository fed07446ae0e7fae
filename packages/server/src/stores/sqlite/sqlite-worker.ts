// The thread of a database: opens it when it is first asked something, and answers one question after the other.
import { parentPort, workerData } from "node:worker_threads";
import { ChatError } from "@chat-widget/protocol";
import { drivers } from "./driver.js";
import { SqliteDatabase } from "./sqlite-database.js";
import type { Answer, Question, ThreadOptions } from "./thread-messages.js";

const options: ThreadOptions = workerData;
let database: SqliteDatabase | undefined;

parentPort?.on("message", (question: Question) => parentPort?.postMessage(answer(question)));

function answer({ method, args }: Question): Answer {
  try {
    database ??= new SqliteDatabase({ ...options, open: drivers[options.driver]() });
    return { result: Reflect.apply(database[method], database, args) };
  } catch (error) {
    return ChatError.is(error) ? { chatError: error.toJSON() } : { reason: error instanceof Error ? error.message : String(error) };
  }
}
