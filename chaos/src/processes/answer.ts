import type { Answers } from "./child.ts";

interface Question {
  id: number;
  name: string;
  input: unknown;
}

/** Answers the questions of the process that started this one, until that ends. Says that it is ready. */
export function answer<Table extends Answers<Table>>(table: Table): void {
  const send = (reply: { id: number; value?: unknown; error?: string }) => process.send?.(reply, () => {});
  process.on("message", async ({ id, name, input }: Question) => {
    try {
      const run: (...input: never) => unknown = table[name as keyof Table];
      // What was sent is what the table of the other side says.
      send({ id, value: await run(...([input] as never)) });
    } catch (error) {
      send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.on("disconnect", () => process.exit());
  send({ id: 0 });
}

/** What this process was started with. */
export function setupOf<Setup>(): Setup {
  return JSON.parse(process.argv[2] ?? "{}");
}
