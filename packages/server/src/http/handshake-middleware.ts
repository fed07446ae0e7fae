import type { IncomingMessage, ServerResponse } from "node:http";
import { type Clock, withDeadline } from "../clock.js";
import type { Report } from "../logger.js";
import { queryOf } from "./query.js";

/** A middleware of Connect or Express, such as `express-session`. */
// Written as a method, because only a method's parameters may be narrower than asked for, as Express's request and response are.
export type Middleware = { handle(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): unknown }["handle"];

/** How long one middleware may take. */
const deadlineMs = 10_000;

/** Runs the middleware for the first request of a connection only, and keeps every mistake of it from the process. */
export function onHandshakeOnly(middleware: Middleware, clock: Clock, report: Report): Middleware {
  return async (request, response, next) => {
    // Requests of an open connection name its session; to Engine.IO an empty name is none.
    if (queryOf(request).get("sid")) return next();
    try {
      await withDeadline(clock, deadlineMs, run(middleware, request, response), () => new Error("the middleware did not call next in time"));
    } catch (error) {
      // It answered by itself, as one that asks for a password does: then there is no connection, and nothing to say.
      if (response.headersSent) return;
      report(error, "unable to open a connection; a middleware of `use` failed");
      return next(error);
    }
    next();
  };
}

function run(middleware: Middleware, request: IncomingMessage, response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (error?: unknown) => (error === undefined || error === null ? resolve() : reject(error));
    // A promise that rejects counts as an error; one that resolves says nothing, `next` does.
    new Promise((started) => started(middleware(request, response, next))).catch(reject);
  });
}
