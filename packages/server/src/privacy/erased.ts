import * as z from "zod/mini";

const count = () => z.int().check(z.nonnegative());

/** What an erasure did. What was done before it, and what there is nothing of, is 0. */
export const Erased = z.object({
  /** Messages that were deleted. */
  messages: count(),
  /** Reactions that were taken back. */
  reactions: count(),
  /** Files that were removed with what was known of them. */
  uploads: count(),
  /** Reports that their words and name were taken out of. */
  reports: count(),
  /** Rooms that they belong to no more. */
  memberships: count(),
  /** Events that their name and picture were taken out of. */
  events: count(),
});
export type Erased = z.infer<typeof Erased>;
