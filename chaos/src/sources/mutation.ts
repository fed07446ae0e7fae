import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A change of one source file: `find`, which it must hold exactly once, becomes `replace`. */
export interface Mutation {
  /** From the root of the repository. */
  file: string;
  find: string;
  replace: string;
}

/** The root of the repository. */
export const root = join(import.meta.dirname, "../../..");

/** The name under which mutations travel to a child process. */
const variable = "CHAOS_MUTATIONS";

/** The environment of a child whose sources are changed like this. @throws when a mutation does not fit the sources of today */
export function withMutations(mutations: readonly Mutation[]): Record<string, string> {
  for (const [file, own] of Object.entries(Object.groupBy(mutations, ({ file }) => file))) own?.reduce(mutate, readFileSync(join(root, file), "utf8"));
  return { [variable]: JSON.stringify(mutations) };
}

/** The mutations this process was started with. */
export function ownMutations(): Mutation[] {
  return JSON.parse(process.env[variable] ?? "[]");
}

/** @throws when the text to find is not there exactly once: a control that changes nothing would prove nothing */
export function mutate(source: string, { file, find, replace }: Mutation): string {
  const count = source.split(find).length - 1;
  if (count !== 1) throw new Error(`unable to mutate ${file}; it holds ${JSON.stringify(find)} ${count} times instead of once`);
  return source.replace(find, () => replace);
}
