import { expect, it } from "vitest";
import { isThere, linkTo } from "../../../../scripts/features/named-test.js";
import { type AbuseCase, abuseCases } from "./cases.js";

const root = `${import.meta.dirname}/../../../..`;
const all = Object.entries(abuseCases);
const isShown = ({ tests }: AbuseCase): boolean => tests.length > 0;

it.each([...new Set(all.flatMap(([, { tests }]) => tests))])("%s exists", (test) => {
  expect(isThere(test)).toBe(true);
});

it.each(["P0", "P1", "P2"] as const)("nine of ten cases of %s are shown by a test, and the others say what they wait for", (priority) => {
  const cases = all.map(([, one]) => one).filter((one) => one.priority === priority);
  expect(cases.filter((one) => !isShown(one)).every(({ awaits }) => awaits !== undefined)).toBe(true);
  // Those that wait for a feature that is not there are about nothing yet.
  const due = cases.filter((one) => isShown(one) || one.awaits === undefined);
  expect(due.filter(isShown).length / due.length).toBeGreaterThanOrEqual(0.9);
});

it("is told in docs/abuse-cases.md", async () => {
  const rows = all.map(([number, { priority, title, tests, note, awaits }]) => {
    const rest = [...(note === undefined ? [] : [note]), ...(awaits === undefined ? [] : [`awaits: ${awaits}`])];
    return `| ${number} | ${priority} | ${title} | ${[...tests.map(linkTo), ...rest].join("<br>")} |`;
  });
  const shown = all.filter(([, one]) => isShown(one));
  const ofFirst = (cases: typeof all) => cases.filter(([, { priority }]) => priority === "P0").length;
  const page = `# The abuse cases

Made from [cases.ts](../packages/server/test/abuse/cases.ts) by \`vitest run --project node packages/server/test/abuse/cases.test.ts -u\`; a test that is not there fails it.

${shown.length} of ${all.length} cases are shown by tests, of the most important (P0) ${ofFirst(shown)} of ${ofFirst(all)}. Those on the server are looked at the same way afterwards, by the [oracle](../packages/server/test/abuse/oracle.ts). Numbers that are missing were merged into others before the tests were written.

| | | case | shown by |
|---|---|---|---|
${rows.join("\n")}
`;
  await expect(page).toMatchFileSnapshot(`${root}/docs/abuse-cases.md`);
});
