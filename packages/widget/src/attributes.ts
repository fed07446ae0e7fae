interface Chosen {
  readonly mode: string;
  readonly theme: string;
  readonly position: string;
}

/** The attributes of an element that mean nothing, each with a sentence on how to mend it; the widget then goes by the default. */
export function badAttributes({ mode, theme, position }: Chosen): string[] {
  return [problem("mode", mode, ["launcher", "inline"]), problem("theme", theme, ["auto", "light", "dark"]), problem("position", position, ["end", "start"])].filter(
    (found) => found !== undefined,
  );
}

function problem(name: string, given: string, allowed: readonly string[]): string | undefined {
  if (allowed.includes(given)) return undefined;
  return `the attribute ${name}=${JSON.stringify(String(given).slice(0, 100))} means nothing; it takes ${allowed.map((word) => `"${word}"`).join(", ")}`;
}
