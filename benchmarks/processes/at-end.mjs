const undoings = [];
let ending;

/** Has something undone when the benchmark ends, on whichever way. */
export function atEnd(undo) {
  undoings.push(undo);
}

/** Undoes everything, the last first; once, whoever asks. */
export function end() {
  ending ??= undoAll();
  return ending;
}

async function undoAll() {
  for (const undo of undoings.toReversed()) await undo();
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void end().finally(() => process.exit(1)));
