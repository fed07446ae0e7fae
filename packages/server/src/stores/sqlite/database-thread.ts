import { Worker } from "node:worker_threads";
import { ChatError } from "@chat-widget/protocol";
import type { SqliteDatabase } from "./sqlite-database.js";
import type { Answer, Method, Question, ThreadOptions } from "./thread-messages.js";

interface Asked {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** A database on a thread of its own, so that no wait for the disk is a wait of the server. It keeps the process alive only while something is asked of it. */
export class DatabaseThread {
  readonly #worker: Worker;
  readonly #asked: Asked[] = [];
  #hasEnded = false;

  constructor(options: ThreadOptions) {
    this.#worker = new Worker(new URL("./sqlite-worker.js", import.meta.url), { name: "chat-widget-sqlite", workerData: options });
    this.#worker.unref();
    this.#worker.on("message", (answer: Answer) => this.#settle(answer));
    this.#worker.on("error", (error) => this.#end(error));
    this.#worker.on("exit", () => this.#end(new Error("the thread of the database has ended")));
  }

  /** True once it cannot be asked any more. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Calls a method of the database; calls are done in the order they were made. */
  ask<M extends Method>(method: M, ...args: Parameters<SqliteDatabase[M]>): Promise<ReturnType<SqliteDatabase[M]>>;
  ask(method: Method, ...args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#hasEnded) throw new Error("the thread of the database has ended");
      const question: Question = { method, args };
      this.#worker.postMessage(question);
      this.#asked.push({ resolve, reject });
      this.#worker.ref();
    });
  }

  /** Ends the thread, and with it whatever it holds. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(answer: Answer): void {
    const asked = this.#asked.shift();
    if (this.#asked.length === 0) this.#worker.unref();
    if ("result" in answer) asked?.resolve(answer.result);
    else asked?.reject("chatError" in answer ? new ChatError(answer.chatError) : new Error(answer.reason));
  }

  #end(error: unknown): void {
    this.#hasEnded = true;
    for (const { reject } of this.#asked.splice(0)) reject(error);
  }
}
