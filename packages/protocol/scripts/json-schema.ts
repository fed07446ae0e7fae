import * as z from "zod/mini";
import type { Contract, Definition } from "./contract.ts";
import type { Declared } from "./docstrings.ts";

/** The parts of JSON Schema that zod writes for us. */
export interface JsonSchema {
  $ref?: string;
  $id?: string;
  $schema?: string;
  title?: string;
  description?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  $defs?: Record<string, JsonSchema>;
}

/** What patterns do not say to other programs. */
const formats: Readonly<Record<string, string>> = { CommandId: "uuid", PictureUrl: "uri" };

/** Where a definition is found from another one. */
export const referTo = (name: string) => `#/$defs/${name}`;

/** Every schema of the contract in one document, described, each under its name in `$defs`. */
export function jsonSchemaOf(contract: Contract): JsonSchema & { $defs: Record<string, JsonSchema> } {
  const $defs: Record<string, JsonSchema> = {};
  const converted = convert(definitionsOf(contract));
  for (const { name, declared } of definitionsOf(contract)) {
    const { $schema: _schema, $id: _id, ...schema } = converted[name] ?? {};
    $defs[name] = { ...(declared.doc.text !== "" && { description: declared.doc.text }), ...describeWithin(schema, declared) };
  }
  for (const { name, output } of contract.commands) {
    $defs[replyNameOf(output)] = {
      description: `The acknowledgement of \`${name}\`.`,
      oneOf: [
        { type: "object", properties: { ok: { const: true, description: "It is done." }, data: { $ref: referTo(output.name) } }, required: ["ok", "data"] },
        { $ref: referTo("Refusal") },
      ],
    };
  }
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `@chat-widget protocol, version ${contract.version}`,
    $defs: Object.fromEntries(Object.entries($defs).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The name of the acknowledgement that carries a command's output. */
export const replyNameOf = (output: Definition) => output.name.replace(/Output$/, "Reply");

function definitionsOf({ parts, commands, events, serverEvents }: Contract): Definition[] {
  return [...parts, ...commands.flatMap(({ input, output }) => [input, output]), ...[...events, ...serverEvents].map(({ payload }) => payload)];
}

function convert(definitions: Definition[]): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  // The five writes answer with one schema; it is registered once and copied to the others.
  const named = new Map<z.core.$ZodType, string>();
  for (const { name, schema } of definitions) {
    if (named.has(schema)) continue;
    named.set(schema, name);
    registry.add(schema, { id: name });
  }
  // `input` is what may arrive: a list of roles may hold some that this version does not know.
  const { schemas } = z.toJSONSchema(registry, { io: "input", uri: referTo });
  const json: Record<string, JsonSchema> = JSON.parse(JSON.stringify(schemas));
  return Object.fromEntries(
    definitions.map(({ name, schema }) => {
      const first = named.get(schema) ?? name;
      if (first !== name) return [name, { $ref: referTo(first) }];
      return [name, { ...json[name], ...(formats[name] !== undefined && { format: formats[name] }) }];
    }),
  );
}

/** Puts the docstrings of a schema's keys into its JSON Schema, as deep as it is written out. */
function describeWithin(schema: JsonSchema, declared: Declared): JsonSchema {
  const union = schema.oneOf ?? schema.anyOf;
  // "This, or else anything, which is left out": what a writer should know is the first.
  const [only, anything] = union ?? [];
  if (only && anything && Object.keys(anything).length === 0) return describeWithin(only, declared);
  return {
    ...schema,
    ...(schema.properties && {
      properties: Object.fromEntries(Object.entries(schema.properties).map(([name, value]) => [name, describeKey(value, declared.key(name))])),
    }),
    ...(schema.items && { items: describeIfDeclared(schema.items, declared.element()) }),
    ...(union && {
      [schema.oneOf ? "oneOf" : "anyOf"]: union.map((option, index) => describeIfDeclared(option, declared.option(index))),
    }),
  };
}

const describeIfDeclared = (schema: JsonSchema, declared: Declared | undefined) =>
  declared === undefined || schema.$ref !== undefined ? schema : describeWithin(schema, declared);

function describeKey(schema: JsonSchema, declared: Declared | undefined): JsonSchema {
  const text = declared?.doc.text ?? "";
  return { ...describeIfDeclared(schema, declared), ...(text !== "" && { description: text }) };
}
