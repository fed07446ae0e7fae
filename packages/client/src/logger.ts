/** Where the engine says what it cannot say in a snapshot; `console` and pino fit. */
export interface Logger {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Says it on the console, the sentence first: that is where the developer of a page looks. */
export const consoleLogger: Logger = {
  // oxlint-disable-next-line no-console -- the one place of this package that prints, and only until a logger is given
  warn: (fields, message) => console.warn(message, fields),
  // oxlint-disable-next-line no-console -- as above
  error: (fields, message) => console.error(message, fields),
};
