import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
let tree: string;

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), "import-table-"));
  cpSync(join(root, ".oxlintrc.json"), join(tree, ".oxlintrc.json"));
});
afterEach(() => rmSync(tree, { recursive: true }));

/** What the linter says of a tree with these files. */
function lint(files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  const { stdout } = spawnSync(join(root, "node_modules/.bin/oxlint"), ["--format=unix"], { cwd: tree, encoding: "utf8" });
  return stdout;
}

it.each([
  ["packages/protocol/src/a.ts", "node:fs"],
  ["packages/protocol/src/a.ts", "zod"],
  ["packages/server/src/chat-server.ts", "@chat-widget/client"],
  ["packages/server/src/session/a.ts", "../chat-server.js"],
  ["packages/server/src/commands/a.ts", "../session/session.js"],
  ["packages/server/src/commands/a.ts", "socket.io"],
  ["packages/server/src/rooms/a.ts", "../commands/message.js"],
  ["packages/server/src/rooms/feed/a.ts", "../../session/session.js"],
  ["packages/server/src/stores/sqlite/a.ts", "../../rooms/room.js"],
  ["packages/server/src/nodes/a.ts", "../rooms/room.js"],
  ["packages/server/src/nodes/a.ts", "socket.io"],
  ["packages/server/src/api/a.ts", "../rooms/room.js"],
  ["packages/server/src/webhooks/a.ts", "../rooms/room.js"],
  ["packages/client/src/room/room.ts", "../index.js"],
  ["packages/client/src/room/room.ts", "socket.io-client"],
  ["packages/client/src/storage/a.ts", "../room/room.js"],
  ["packages/widget/src/parts/a.ts", "../elements/composer.js"],
  ["packages/widget/src/text/a.ts", "../parts/quote.js"],
])("refuses that %s imports %s, also as a type", (path, specifier) => {
  expect(lint({ [path]: `import type { A } from "${specifier}";\nexport type B = A;\n` })).toContain("no-restricted-imports");
});

it("refuses a circle of types", () => {
  const circle = lint({
    "packages/client/src/a.ts": 'import type { B } from "./b.js";\nexport type A = B | 1;\n',
    "packages/client/src/b.ts": 'import type { A } from "./a.js";\nexport type B = A | 2;\n',
  });
  expect(circle).toContain("no-cycle");
});

it("allows what goes down the staircase", () => {
  const allowed = lint({
    "packages/server/src/stores/chat-store.ts": "export interface ChatStore { close(): void }\n",
    "packages/server/src/rooms/room.ts": 'import type { ChatStore } from "../stores/chat-store.js";\nexport type Store = ChatStore;\n',
  });
  expect(allowed).not.toContain("Error");
});
