import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Clock, withDeadline } from "../clock.js";
import type { Report } from "../logger.js";
import { queryOf } from "./query.js";

/** A middleware of Connect or Express, such as `express-session`. */
// Written as a method, because only a method's parameters may be narrower than asked for, as Express's request and response are.
export type Middleware = { handle(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): unknown }["handle"];

/** How long one middleware may take. */
const deadlineMs = 10_000;

/**
 * Runs the middleware for the first request of a connection only, and keeps every mistake of it from the process. It may
 * also answer the request itself, as one that asks for a password does; then there is no connection.
 */
export function onHandshakeOnly(middleware: Middleware, clock: Clock, report: Report): Middleware {
  return async (request, response, next) => {
    // Requests of an open connection name its session; to Engine.IO an empty name is none.
    if (queryOf(request).get("sid")) return next();
    const late = new Error("the middleware neither called next nor answered in time");
    try {
      const outcome = await withDeadline(clock, deadlineMs, run(middleware, request, response), () => late);
      if (outcome === "next") next();
    } catch (error) {
      report(error, "unable to open a connection; a middleware of `use` failed");
      // It has begun to answer, or may do so yet: then Engine.IO must not.
      if (error === late || response.headersSent) request.socket.destroy();
      else next(error);
    }
  };
}

/** What came of it: the request goes on, or it is over, because it is answered or whoever asked is gone. */
function run(middleware: Middleware, request: IncomingMessage, response: ServerResponse): Promise<"next" | "over"> {
  // What Engine.IO gives in place of a response to an upgrade tells nothing; to end it closes the connection.
  const told = response instanceof EventEmitter ? response : request.socket;
  let onClose = (): void => undefined;
  const outcome = new Promise<"next" | "over">((resolve, reject) => {
    onClose = () => resolve("over");
    told.once("close", onClose);
    const next = (error?: unknown) => {
      if (error !== undefined && error !== null) reject(error);
      else resolve(response.headersSent || request.socket.destroyed ? "over" : "next");
    };
    // A promise that rejects counts as an error; one that resolves says nothing, `next` does.
    new Promise((started) => started(middleware(request, response, next))).catch(reject);
  });
  return outcome.finally(() => told.off("close", onClose));
}
