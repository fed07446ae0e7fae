import { randomUUID } from "node:crypto";
import { ChatError, WireError } from "@chat-widget/protocol";

type Log = (fields: Record<string, unknown>, message: string) => void;

/** Where the server writes; a pino logger fits as it is. */
export interface Logger {
  debug: Log;
  info: Log;
  warn: Log;
  error: Log;
}

const silent: Log = () => undefined;

/** Prints warnings and errors and keeps the rest to itself. Fields are printed as JSON and what an error says is indented, so that no name can forge a line. */
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
  const line = escape(`[chat] ${message} ${JSON.stringify(rest)}`);
  if (!(err instanceof Error)) return line;
  const lines = (err.stack ?? err.message).split("\n");
  return [line, ...lines.map((part) => `  ${escape(part)}`)].join("\n");
}

/** Writes out what a terminal obeys, or takes for the end of a line, or turns the order of what follows with. */
function escape(line: string): string {
  return line.replaceAll(/[\p{Cc}\u2028\u2029\p{Bidi_Control}]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Takes note of an error that nobody asked for: logs it and gives the id it is logged under. */
export type Report = (error: unknown, what: string) => string;

/** A {@link Report} that also hands each error to the application. */
export function createReport(logger: Logger, onError: ((error: unknown) => unknown) | undefined): Report {
  const hand = async (error: unknown, id: string): Promise<void> => {
    try {
      await onError?.(error);
    } catch (thrown) {
      logger.error({ id, err: thrown }, "unable to hand an error to the application; `onError` failed");
    }
  };
  return (error, what) => {
    const id = randomUUID();
    logger.error({ id, err: error }, what);
    void hand(error, id);
    return id;
  };
}

/** A logger whose own failures harm nobody: a server goes on when what is said of it cannot be written down. */
export function unfailing(logger: Logger): Logger {
  const write =
    (level: keyof Logger): Log =>
    (fields, message) => {
      try {
        const written: unknown = logger[level](fields, message);
        if (written instanceof Promise) written.catch(() => undefined);
      } catch {
        // There is no other place to say it.
      }
    };
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

/** What the one who asked is told of an error: a `ChatError` as it is, anything else as `internal` with the id it is logged under. */
export function createExplain(report: Report): (error: unknown) => ChatError {
  const reported = new WeakSet<Error>();
  return (error) => {
    if (!ChatError.is(error) || !canBeTold(error)) {
      const id = report(error, "a command failed");
      return new ChatError("internal", "unable to run the command; the server made a mistake", { details: { id } });
    }
    if (!isPlainData(error.details)) {
      report(error, "left the details out of an error; they cannot be sent");
      return new ChatError({ ...error.toJSON(), details: {} });
    }
    // A store that is down fails many commands with one error.
    if (error.code === "unavailable" && error.cause !== undefined && !reported.has(error)) {
      reported.add(error);
      report(error.cause, error.message);
    }
    return error;
  };
}

/** Whether what goes by the name of a `ChatError` reads as one; an application may have an error of its own by that name. */
function canBeTold(error: ChatError): boolean {
  try {
    return WireError.safeParse(error.toJSON()).success;
  } catch {
    return false;
  }
}

/** Whether something can be sent as JSON. */
function isPlainData(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}
