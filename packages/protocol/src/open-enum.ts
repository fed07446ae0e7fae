import * as z from "zod/mini";

type Members<T extends string> = z.ZodMiniType<T, string>;

/** An enum that may grow: a member that only a newer server knows is read as `fallback`. */
export function openEnum<T extends string>(members: Members<T>, fallback: T) {
  return z.pipe(
    z.union([members, z.string()]),
    z.transform((value): T => known(members, value) ?? fallback),
  );
}

/** A list of an enum that may grow: members that only a newer server knows are left out, as unknown keys are. */
export function openList<T extends string>(members: Members<T>) {
  return z.pipe(
    z.array(z.union([members, z.string()])),
    z.transform((values): T[] => values.map((value) => known(members, value)).filter((value) => value !== undefined)),
  );
}

function known<T extends string>(members: Members<T>, value: string): T | undefined {
  return members.safeParse(value).data;
}
