// Writes what follows from the schemas. `node scripts/generate.ts` (part of the build): schema/schema.json and
// schema/asyncapi.json. `node scripts/generate.ts docs`: docs/protocol.md and docs/errors.md of the repository.
import { mkdirSync, writeFileSync } from "node:fs";
import { asyncapiOf } from "./asyncapi.ts";
import { readContract } from "./contract.ts";
import { errorsPageOf } from "./errors-page.ts";
import { readFixtures } from "./fixtures.ts";
import { jsonSchemaOf } from "./json-schema.ts";
import { protocolPageOf } from "./protocol-page.ts";

const contract = readContract();
const fixtures = readFixtures(contract.version);

function write(folder: string, files: Record<string, string>): void {
  const url = new URL(folder, import.meta.url);
  mkdirSync(url, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(new URL(name, url), text);
}

const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

if (process.argv[2] === "docs") write("../../../docs/", { "protocol.md": protocolPageOf(contract, fixtures), "errors.md": errorsPageOf(contract) });
else write("../schema/", { "schema.json": pretty(jsonSchemaOf(contract)), "asyncapi.json": pretty(asyncapiOf(contract, fixtures)) });
