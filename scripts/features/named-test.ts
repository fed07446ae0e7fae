import { existsSync, readFileSync } from "node:fs";

const root = `${import.meta.dirname}/../..`;

/** Whether a test of this name, written "file › name of the test" with the name as it stands in the source, is there and is run. */
export function isThere(test: string): boolean {
  const [file = "", name = ""] = test.split(" › ");
  if (!existsSync(`${root}/${file}`)) return false;
  const source = readFileSync(`${root}/${file}`, "utf8");
  // The name of a test that is run, not of one that is left out.
  return ['"', "`"].some((quote) => source.split(`${quote}${name}${quote}`).slice(0, -1).some((before) => /(\b(it|test)|\))\(\s*$/.test(before)));
}

/** A test as a link of a page in docs. */
export function linkTo(test: string): string {
  const [file = "", name = ""] = test.split(" › ");
  return `[${name.replaceAll("|", "\\|")}](../${file})`;
}
