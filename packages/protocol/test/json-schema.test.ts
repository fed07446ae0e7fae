import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { commands, protocolVersion } from "@chat-widget/protocol";
import { pascalCase, readContract } from "../scripts/contract.ts";
import { readFixtures } from "../scripts/fixtures.ts";
import { type JsonSchema, jsonSchemaOf } from "../scripts/json-schema.ts";

const contract = readContract();
const schema = jsonSchemaOf(contract);
const fixtures = readFixtures(protocolVersion);

// The patterns say what these formats mean; `uri` is what WHATWG's URL reads.
const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, formats: { uuid: true, uri: (value) => URL.canParse(value) } });
ajv.addSchema(schema, "protocol");
const validates = (name: string, value: unknown) => ajv.validate({ $ref: `protocol#/$defs/${name}` }, value);

it("compiles as JSON Schema 2020-12, every definition of it", () => {
  for (const name of Object.keys(schema.$defs)) expect(ajv.compile({ $ref: `protocol#/$defs/${name}` }), name).toBeTypeOf("function");
});

it("describes every definition's every key", () => {
  const missing: string[] = [];
  const visit = (path: string, { properties, items, oneOf, anyOf }: JsonSchema) => {
    for (const [key, value] of Object.entries(properties ?? {})) {
      if (value.description === undefined && value.$ref === undefined) missing.push(`${path}.${key}`);
      visit(`${path}.${key}`, value);
    }
    if (items) visit(`${path}[]`, items);
    for (const option of [...(oneOf ?? []), ...(anyOf ?? [])]) visit(path, option);
  };
  for (const [name, definition] of Object.entries(schema.$defs)) {
    visit(name, definition);
    if (definition.description === undefined && !/(?:Input|Output)$/.test(name)) missing.push(name);
  }
  expect(missing).toEqual([]);
  expect([...contract.commands, ...contract.events, ...contract.serverEvents].filter(({ doc }) => doc === "")).toEqual([]);
  expect(contract.errors.filter(({ doc }) => doc.text === "" || !doc.tags["madeBy"] || !doc.tags["remedy"])).toEqual([]);
});

it("refers to nothing that is not there", () => {
  const names = [...JSON.stringify(schema).matchAll(/"#\/\$defs\/([^"]+)"/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(50);
  expect(names.filter((name) => name === undefined || !(name in schema.$defs))).toEqual([]);
});

describe("agrees with zod", () => {
  it("on all fixtures", () => {
    expect(validates("Handshake", fixtures.handshake), ajv.errorsText()).toBe(true);
    for (const [name, { input, reply }] of Object.entries(fixtures.commands)) {
      expect(validates(`${pascalCase(name)}Input`, input), `${name}: ${ajv.errorsText()}`).toBe(true);
      expect(validates(`${pascalCase(name)}Reply`, reply), `${name}: ${ajv.errorsText()}`).toBe(true);
      expect(validates(`${pascalCase(name)}Reply`, fixtures.refusals.command), `${name}: ${ajv.errorsText()}`).toBe(true);
    }
    for (const [name, event] of Object.entries(fixtures.events)) expect(validates(pascalCase(name), event), `${name}: ${ajv.errorsText()}`).toBe(true);
    for (const [name, payload] of Object.entries(fixtures["server-events"])) expect(validates(pascalCase(name), payload), `${name}: ${ajv.errorsText()}`).toBe(true);
  });

  /** What JSON Schema cannot say and is left to the sources: one room per batch, one place per reading, what an emoji is, that a message has a text or files. */
  const bad: Record<keyof typeof commands, Record<string, unknown>[]> = {
    "message:send": [{ roomId: "a b" }, { id: "x" }, { attachments: [] }, { attachments: [{ uploadId: "x" }] }, { text: "\u200b" }, { text: 1 }, { replyTo: null }, { author: 1 }, { text: "x".repeat(65_537) }],
    "message:edit": [{ messageId: "x" }, { text: [] }],
    "message:delete": [{ messageId: 1 }, { reason: "" }],
    "message:pin": [{ messageId: "x" }, { emoji: "👍" }],
    "message:unpin": [{ messageId: null }],
    "thread:positions": [{ threadIds: [] }],
    "thread:mark": [{ seq: -1 }],
    "message:history": [{ messageId: 1 }],
    "pins:read": [{ roomId: "" }, { limit: 1 }],
    "reaction:add": [{ emoji: "" }, { emoji: "👍".repeat(33) }, { emoji: 1 }],
    "reaction:remove": [{ emoji: null }],
    "event:publish": [{ name: "poll opened" }, { name: "x".repeat(65) }, { id: "x" }],
    "event:whisper": [{ name: 1 }, { id: "019b76da-abe8-7000-8000-000000000001" }],
    "event:read": [{ name: "" }, { before: 0 }, { limit: 1_001 }],
    "stream:read": [{ roomId: "a b" }, { limit: 1 }],
    "room:write": [{ writes: [] }, { writes: [null] }, { writes: [{ name: "room:join", input: { roomId: "r" } }] }, { writes: {} }],
    "room:join": [{ after: 1 }, { after: { epoch: "e", seq: -1 } }, { after: { epoch: "e", seq: 0, more: 1 } }, { limit: 0 }, { limit: 1_001 }, { limit: 1.5 }],
    "room:leave": [{ roomId: "" }, { roomId: "x".repeat(129) }, { roomId: "a\u0000" }],
    "room:sync": [{ after: {} }, { after: { epoch: "", seq: 1 } }],
    "history:read": [{ before: 0 }, { before: 2 ** 53 }, { before: "3" }],
    "message:read": [{ messageIds: [] }, { messageIds: ["x"] }, { messageIds: Array.from({ length: 51 }, () => "019b76da-abe8-7000-8000-000000000001") }],
    "message:search": [{ roomIds: [] }, { roomIds: ["a b"] }, { query: "" }, { query: "x".repeat(201) }, { cursor: 1 }, { cursor: { roomId: "r", seq: 0 } }, { before: -1 }, { limit: 0 }],
    "receipt:move": [{ seq: -1 }, { seq: Infinity }, { seq: null }],
    "typing:set": [{ isTyping: 0 }],
    "upload:request": [{ name: "" }, { size: 0 }, { size: 1.5 }, { type: 1 }, { userId: "u" }],
    "upload:finish": [{ uploadId: "x" }],
    "upload:cancel": [{ uploadId: 1 }, { roomId: "" }],
    "upload:read": [{ ids: [] }, { ids: ["x"] }],
    "room:update": [{ settings: { access: "secret" } }, { settings: { slowModeMs: -1 } }, { settings: { retentionDays: 1 } }, { settings: [] }],
    "room:list": [{ after: "" }, { limit: 0 }],
    "room:members": [{ after: "" }, { limit: 1_001 }],
    "room:open-direct": [{ userId: "" }, { userId: null }],
    "room:open-support": [{ userId: "bob" }],
    "member:add": [{ userId: 1 }, { role: "moderator" }],
    "member:remove": [{ userId: "" }],
    "member:set-role": [{ role: "admin" }],
    "member:leave": [{ userId: "bob" }],
    "invite:create": [{ validMs: 0 }, { uses: 1.5 }],
    "invite:accept": [{ code: "" }, { roomId: "r" }],
    "session:refresh": [{ token: "" }, { guestName: "" }, { roles: [] }],
    "message:report": [{ reason: "dislike" }, { note: "" }, { by: "bob" }],
    "report:list": [{ limit: 0 }, { before: 1 }],
    "report:resolve": [{ action: "banned" }, { reason: "" }],
    "audit:read": [{ before: 7 }, { limit: 1_001 }],
    "member:mute": [{ forMs: 0 }, { forMs: 1.5 }, { userId: 7 }],
    "member:unmute": [{ forMs: 1 }],
    "member:ban": [{ forMs: 315_360_000_001 }, { address: "127.0.0.1" }],
    "member:unban": [{ userId: "" }],
    "member:kick": [{ forMs: 1 }],
  };

  it.each(Object.entries(commands))("on what %s does not take", (name, { input }) => {
    const example = fixtures.commands[name]?.input as object;
    for (const change of bad[name as keyof typeof bad]) {
      const value = { ...example, ...change };
      expect([input.safeParse(value).success, validates(`${pascalCase(name)}Input`, value)], JSON.stringify(change).slice(0, 80)).toEqual([false, false]);
    }
    for (const key of Object.keys(example)) {
      const { [key]: _left, ...rest } = example as Record<string, unknown>;
      expect(validates(`${pascalCase(name)}Input`, rest), `without ${key}`).toBe(input.safeParse(rest).success);
    }
  });
});
