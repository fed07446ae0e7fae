import type { Check, Violation } from "./evidence.ts";

const mostGrowth = 128 * 2 ** 20;

/** I12. */
export const nothingLeaks: Check = ({ resources: { rssGrowth, leftConnections, keptCommands } }) => {
  const violations: Violation[] = [];
  const add = (detail: string) => violations.push({ invariant: "I12", detail });
  if (rssGrowth > mostGrowth) add(`the server grew by ${Math.round(rssGrowth / 2 ** 20)} MB`);
  if (leftConnections > 0) add(`the server still holds ${leftConnections} connections of clients that are gone`);
  if (keptCommands > 0) add(`clients still keep ${keptCommands} commands that are done`);
  return violations;
};
