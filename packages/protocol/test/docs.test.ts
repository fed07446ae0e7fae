import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readContract } from "../scripts/contract.ts";
import { errorsPageOf } from "../scripts/errors-page.ts";
import { readFixtures } from "../scripts/fixtures.ts";
import { anchorOf } from "../scripts/markdown.ts";
import { protocolPageOf } from "../scripts/protocol-page.ts";

const contract = readContract();
const pages = { "protocol.md": protocolPageOf(contract, readFixtures(contract.version)), "errors.md": errorsPageOf(contract) };
const howToMend = "docs are behind the schemas; run `pnpm --filter @chat-widget/protocol run build`, then `… run docs`, and commit docs/";

it.each(Object.entries(pages))("docs/%s says what the sources say", (name, page) => {
  expect(readFileSync(new URL(`../../../docs/${name}`, import.meta.url), "utf8"), howToMend).toBe(page);
});

it.each(Object.entries(pages))("every link within docs/%s leads somewhere, and no heading twice", (_name, page) => {
  const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
  expect(new Set(anchors).size).toBe(anchors.length);
  const targets = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
  expect(targets.length).toBeGreaterThan(10);
  expect(targets.filter((anchor) => anchor === undefined || !anchors.includes(anchor))).toEqual([]);
});

it("leaves no cell of a meaning empty", () => {
  expect(pages["protocol.md"].split("\n").filter((line) => line.startsWith("|") && /\|\s*\|$/.test(line))).toEqual([]);
});
