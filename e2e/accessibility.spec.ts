import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "@playwright/test";
import type { AxeResults } from "axe-core";
import { Chat } from "./chat.js";
import { Example } from "./example.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
declare global {
  interface Window {
    axe: { run(): Promise<AxeResults> };
  }
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const path of ["/", "/shop.html"]) {
    test(`axe finds nothing on ${path} in ${colorScheme}`, async ({ browser }) => {
      const example = await Example.start();
      try {
        // The example's own policy would keep axe out.
        const page = await (await browser.newContext({ colorScheme, bypassCSP: true })).newPage();
        await page.goto(example.url + path);
        const chat = new Chat(page);
        if (path !== "/") await chat.widget.getByRole("button").click();
        await expect(chat.composer).toBeEditable();
        await chat.send("Is this readable? https://example.com");
        await chat.send("👍");
        await chat.shows(["Is this readable? https://example.com", "👍"]);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run());
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
      } finally {
        await example.stop();
      }
    });
  }
}
