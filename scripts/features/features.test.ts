import { expect, it } from "vitest";
import { features } from "./features.js";
import { isThere, linkTo } from "./named-test.js";

const all = Object.values(features).flatMap((group) => Object.entries(group));

it.each([...new Set(all.flatMap(([, { tests }]) => tests))])("%s exists", (test) => {
  expect(isThere(test)).toBe(true);
});

it("shows every yes by a test, and says of the others what is missing", () => {
  expect(all.filter(([, { is, tests }]) => is === "yes" && tests.length === 0)).toEqual([]);
  expect(all.filter(([, { is, note }]) => is !== "yes" && note === undefined)).toEqual([]);
});

it("is told in docs/features.md", async () => {
  const groups = Object.entries(features).map(([name, group]) => {
    const rows = Object.entries(group).map(([feature, { is, tests, note }]) => `| ${feature} | ${is} | ${[...tests.map(linkTo), ...(note === undefined ? [] : [note])].join("<br>")} |`);
    return `## ${name}\n\n| | | shown by |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
  const page = `# What there is

Made from [features.ts](../scripts/features/features.ts) by \`vitest run --project node scripts/features -u\`; a test that is not there fails it. Of the widget's screen, only what it shows today is here: a feature of server and client that it does not show yet says so.

${groups.join("\n")}`;
  await expect(page).toMatchFileSnapshot("../../docs/features.md");
});
