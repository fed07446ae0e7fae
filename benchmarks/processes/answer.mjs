/** What a program started as a Child was given. */
export const setup = JSON.parse(process.argv[2] ?? "{}");

/** Answers what the parent asks, by functions of these names; to be called when all is ready. */
export function answer(table) {
  const functions = { ready: () => undefined, cpu, ...table };
  process.on("message", async ({ id, name, input }) => {
    try {
      process.send({ id, result: await functions[name](input) });
    } catch (error) {
      process.send({ id, error: error.stack });
    }
  });
  process.once("disconnect", () => process.exit());
}

/** Milliseconds of processor time used so far, all threads. */
function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
