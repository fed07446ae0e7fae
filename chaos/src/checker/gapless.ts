import type { Check } from "./evidence.ts";

/** I3. */
export const hasNoHole: Check = ({ ledgers }) =>
  [...ledgers.values()].flatMap(({ room, entries }) =>
    entries.flatMap(({ seq }, index) =>
      seq === (entries[index - 1]?.seq ?? 0) + 1 ? [] : [{ invariant: "I3" as const, sort: "lost" as const, detail: `${seq} follows ${entries[index - 1]?.seq ?? 0} in the log of ${room}` }],
    ),
  );
