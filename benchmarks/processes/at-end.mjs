const undoings = [];

/** Has something undone when the benchmark ends, on whichever way. */
export function atEnd(undo) {
  undoings.push(undo);
}

/** Undoes everything, the last first. */
export async function end() {
  for (let undo = undoings.pop(); undo !== undefined; undo = undoings.pop()) await undo();
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void end().finally(() => process.exit(1)));
