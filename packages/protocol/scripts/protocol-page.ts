import type { Command, Contract, Told } from "./contract.ts";
import type { Fixtures } from "./fixtures.ts";
import { type JsonSchema, jsonSchemaOf } from "./json-schema.ts";
import { anchorOf, json, keyRows, table, typeOf } from "./markdown.ts";

const head = ["key", "type", "required", "meaning"];

/** `docs/protocol.md`: the contract for someone who writes a client in another language. */
export function protocolPageOf(contract: Contract, fixtures: Fixtures): string {
  const { $defs } = jsonSchemaOf(contract);
  const describe = (name: string) => $defs[name]?.description ?? "";
  const signals = contract.serverEvents.filter(({ name }) => !/^(session|room):/.test(name));
  const frames = contract.serverEvents.filter((told) => !signals.includes(told));
  return `${[
    `# Protocol, version ${contract.version}`,
    `<!-- Written by packages/protocol/scripts/generate.ts from the schemas, their docstrings and fixtures/v${contract.version}. Do not edit. -->`,
    `A room is a log: everything that lasts is an **event** with a number in one log per room, and a screen shows that log, folded.
Everything a user asks is a **command** with an id of its own; it is acknowledged when it is committed, and asking again with the same id changes nothing.
What is only true now (typing, presence, read positions) is a **signal**: no number, no repetition, the last one wins.`,
    `The same contract is in the npm package \`@chat-widget/protocol\` as zod schemas with TypeScript types, as JSON Schema (\`@chat-widget/protocol/schema.json\`) and as AsyncAPI 3 (\`@chat-widget/protocol/asyncapi.json\`).`,
    contents(contract, signals, frames),
    "## On the wire",
    wire(fixtures),
    "## Handshake",
    handshake($defs, describe, fixtures),
    "## Commands",
    `A client sends nothing before \`session:ready\`. Each command carries exactly one object and is acknowledged with
\`{ "ok": true, "data": … }\` or \`{ "ok": false, "error": … }\`, see [errors](#errors). An unknown key in a command is refused.`,
    ...contract.commands.map((command) => commandSection(command, $defs, describe, fixtures)),
    "## Events",
    `Events reach a client inside [room:events](#roomevents) and in the answers to \`room:join\` and \`room:sync\`. They have the keys \`seq\` and \`type\` at least.
Apply an event if its \`seq\` is the one after the last; hold it back if it is early; drop it if it is old; ask \`room:sync\` for a hole that stays.
An event of a type you do not know changes nothing you show, and still counts.`,
    ...contract.events.map((told) => toldSection(told, $defs, describe, fixtures.events[told.name])),
    "## What the server sends",
    "A client drops keys it does not know, leaves out members of a list of names (roles, permissions) it does not know, and ignores frames it does not know.",
    ...frames.map((told) => toldSection(told, $defs, describe, fixtures["server-events"][told.name])),
    "## Signals",
    table(["timing", "ms", "meaning"], contract.timing.map(({ name, value, doc }) => [`\`${name}\``, String(value), doc])),
    ...signals.map((told) => toldSection(told, $defs, describe, fixtures["server-events"][told.name])),
    "## Errors",
    "An error travels as a [WireError](#wireerror). The codes are in [errors.md](errors.md).",
    json(fixtures.refusals.input),
    "## Limits",
    "Announced in `session:ready`; a client refuses early what exceeds them. These are the limits of a server that was told nothing else.",
    table(["limit", "default", "meaning"], contract.limits.map(({ name, value, doc }) => [`\`${name}\``, String(value), doc])),
    "## Versions",
    `The version of the protocol is an integer of its own, beside the version of the npm packages. A client offers the versions it speaks, the server picks one.
An addition (a key, an event, a command, a code, a role) keeps the version. A command that an older server would refuse is announced in \`capabilities\` of \`session:ready\`.
A breaking change raises the version by one, and a server answers the version before as well for twelve months. Names are never used again for something else.`,
    "## Definitions",
    ...contract.parts.filter(({ name }) => name !== "Handshake" && name !== "Limits").map(({ name }) => definitionSection(name, $defs[name] ?? {}, describe)),
  ].join("\n\n")}\n`;
}

function contents({ commands, events }: Contract, signals: Told[], frames: Told[]): string {
  const links = (named: { name: string }[]) => named.map(({ name }) => `[\`${name}\`](#${anchorOf(name)})`).join(" · ");
  return [`- Commands: ${links(commands)}`, `- Events: ${links(events)}`, `- What the server sends: ${links(frames)}`, `- Signals: ${links(signals)}`].join("\n");
}

function wire(fixtures: Fixtures): string {
  const send = fixtures.commands["message:send"];
  const frame = (...parts: unknown[]) => parts.map((part, index) => (index === 0 ? part : JSON.stringify(part))).join("");
  return `The transport is Socket.IO (protocol 5 over Engine.IO 4), namespace \`/\`, at \`<path>/socket.io/\` where \`path\` is \`/chat\` unless the server says otherwise. Any Socket.IO client will do. Without one, open a WebSocket at

\`\`\`text
wss://www.example.com/chat/socket.io/?EIO=4&transport=websocket
\`\`\`

and exchange text frames. \`→\` is sent by the client, \`←\` by the server:

\`\`\`text
← 0{"sid":"…","upgrades":[],"pingInterval":15000,"pingTimeout":10000,"maxPayload":65536}
→ ${frame("40", fixtures.handshake)}
← 40{"sid":"…"}
← ${frame("42", ["session:ready", fixtures["server-events"]["session:ready"]])}
→ ${frame("421", ["message:send", send?.input])}
← ${frame("42", ["room:events", fixtures["server-events"]["room:events"]])}
← ${frame("431", [send?.reply])}
← 2
→ 3
\`\`\`

\`40\` connects, \`42["name",{…}]\` tells, \`42<ackid>["name",{…}]\` asks and \`43<ackid>[{…}]\` answers it, \`2\` and \`3\` are ping and pong, \`41\` is goodbye.
The ack id is a number of the client's choice that no other open question has. A refused connection reads \`${frame("44", fixtures.refusals.connection)}\`: \`data\` is a [WireError](#wireerror).`;
}

function handshake($defs: Record<string, JsonSchema>, describe: (name: string) => string, fixtures: Fixtures): string {
  return [describe("Handshake"), table(head, keyRows($defs["Handshake"] ?? {}, describe)), json(fixtures.handshake)].join("\n\n");
}

function commandSection({ name, doc, input, output }: Command, $defs: Record<string, JsonSchema>, describe: (name: string) => string, fixtures: Fixtures): string {
  const example = fixtures.commands[name];
  return [`### ${name}`, doc, keys($defs[input.name], describe), json(example?.input), `Answers with \`data\`:${answer($defs[output.name], describe)}`, json(example?.reply)].join("\n\n");
}

function toldSection({ name, doc, payload }: Told, $defs: Record<string, JsonSchema>, describe: (name: string) => string, example: unknown): string {
  return [`### ${name}`, doc, keys($defs[payload.name], describe), json(example)].join("\n\n");
}

function definitionSection(name: string, schema: JsonSchema, describe: (name: string) => string): string {
  const options = schema.oneOf;
  if (options === undefined) return [`### ${name}`, describe(name), keys(schema, describe)].join("\n\n");
  const parts = options.map((option) => (option.$ref === undefined ? keys(option, describe) : typeOf(option)));
  return [`### ${name}`, `${describe(name)} One of:`, options.every(({ $ref }) => $ref !== undefined) ? parts.join(", ") : parts.join("\n\nor\n\n")].join("\n\n");
}

function keys(schema: JsonSchema | undefined, describe: (name: string) => string): string {
  if (schema === undefined) return "";
  if (schema.properties === undefined) return typeOf(schema);
  const rows = keyRows(schema, describe);
  return rows.length === 0 ? "An empty object." : table(head, rows);
}

function answer(schema: JsonSchema | undefined, describe: (name: string) => string): string {
  if (schema?.properties === undefined) return ` ${typeOf(schema ?? {})}.`;
  const rows = keyRows(schema, describe);
  return rows.length === 0 ? " an empty object." : `\n\n${table(head, rows)}`;
}
