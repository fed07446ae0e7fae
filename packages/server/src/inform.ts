import type { Report } from "./logger.js";

/** Calls a listener of the application, which may be missing, throw or reject. */
export async function inform<Args extends unknown[]>(listener: ((...args: Args) => unknown) | undefined, report: Report, ...args: Args): Promise<void> {
  try {
    await listener?.(...args);
  } catch (error) {
    report(error, "unable to tell the application what happened; its function threw");
  }
}
