import { randomUUID } from "node:crypto";
import { ChatError } from "@chat-widget/protocol";

type Log = (fields: Record<string, unknown>, message: string) => void;

/** Where the server writes; a pino logger fits as it is. */
export interface Logger {
  debug: Log;
  info: Log;
  warn: Log;
  error: Log;
}

const silent: Log = () => undefined;

/** Prints warnings and errors and keeps the rest to itself. Fields are printed as JSON, so that no name can forge a line. */
export const consoleLogger: Logger = {
  debug: silent,
  info: silent,
  // Refused connections and failed commands must show in a server that was given no logger; this is the one place that prints.
  // oxlint-disable-next-line no-console
  warn: (fields, message) => console.warn(lineOf(fields, message)),
  // oxlint-disable-next-line no-console
  error: (fields, message) => console.error(lineOf(fields, message)),
};

function lineOf(fields: Record<string, unknown>, message: string): string {
  const { err, ...rest } = fields;
  const line = `[chat] ${message} ${JSON.stringify(rest)}`;
  return err instanceof Error ? `${line}\n${err.stack ?? err.message}` : line;
}

/** Takes note of an error that nobody asked for: logs it and gives the id it is logged under. */
export type Report = (error: unknown, what: string) => string;

/** A {@link Report} that also hands each error to the application. */
export function createReport(logger: Logger, onError: ((error: unknown) => void) | undefined): Report {
  return (error, what) => {
    const id = randomUUID();
    logger.error({ id, err: error }, what);
    try {
      onError?.(error);
    } catch (thrown) {
      logger.error({ id, err: thrown }, "unable to hand an error to the application; `onError` threw");
    }
    return id;
  };
}

/** What the one who asked is told of an error: a `ChatError` as it is, anything else as `internal` with the id it is logged under. */
export function createExplain(report: Report): (error: unknown) => ChatError {
  const reported = new WeakSet<Error>();
  return (error) => {
    if (!ChatError.is(error)) {
      const id = report(error, "a command failed");
      return new ChatError("internal", "unable to run the command; the server made a mistake", { details: { id } });
    }
    // A store that is down fails many commands with one error.
    if (error.code === "unavailable" && error.cause !== undefined && !reported.has(error)) {
      reported.add(error);
      report(error.cause, error.message);
    }
    return error;
  };
}
