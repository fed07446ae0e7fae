import * as z from "zod/mini";
import { Message, MessagePage, Profile, WireError, protocolVersion } from "@chat-widget/protocol";
import type { Endpoint } from "./endpoint.js";

type Schema = Record<string, unknown>;

/** Schemas that are described once, by name. */
const named = { Message, MessagePage, Profile, WireError } as const;
const refersTo = (name: string) => `#/components/schemas/${name}`;

/** The description of the API in OpenAPI 3.1, made of the schemas that check it. */
export function openApi(endpoints: readonly Endpoint[]): Schema {
  const paths: Record<string, Schema> = {};
  for (const endpoint of endpoints) (paths[endpoint.path] ??= {})[endpoint.method.toLowerCase()] = operationOf(endpoint);
  const components = Object.fromEntries(Object.entries(named).map(([name, schema]) => [name, schemaOf(schema, name)]));
  return {
    openapi: "3.1.0",
    info: { title: "@chat-widget/server", version: String(protocolVersion), description: "What an application may do with its chat, for programs that are not the chat's own process." },
    servers: [{ url: "/chat/api", description: "Below the path that the chat is mounted at." }],
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: { key: { type: "http", scheme: "bearer", description: "A key of the server's option `api`." } },
      schemas: { ...components, Error: { type: "object", properties: { error: { $ref: refersTo("WireError") } }, required: ["error"] } },
    },
  };
}

function operationOf({ operationId, summary, params, query, body, status, answer, form }: Endpoint): Schema {
  return {
    operationId,
    summary,
    parameters: [...parametersOf("path", params), ...parametersOf("query", query)],
    ...(body !== undefined && { requestBody: { required: true, content: { "application/json": { schema: schemaOf(body) } } } }),
    responses: {
      [status]: { description: "It is done.", ...(answer !== undefined && { content: { [form === "lines" ? "application/x-ndjson" : "application/json"]: { schema: schemaOf(answer) } } }) },
      default: { description: "It is refused; `error.code` and `error.retry` say what to do.", content: { "application/json": { schema: { $ref: refersTo("Error") } } } },
    },
  };
}

function parametersOf(place: "path" | "query", shape: z.ZodMiniObject | undefined): Schema[] {
  if (shape === undefined) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(shape, { io: "input", unrepresentable: "any" });
  return Object.entries(properties).map(([name, schema]) => ({ name, in: place, required: required.includes(name), schema }));
}

/** A schema as JSON Schema; one that has a name is referred to by it, but for the one that is being described. */
function schemaOf(schema: z.ZodMiniType, own?: string): Schema {
  const name = Object.entries(named).find(([name, candidate]) => candidate === schema && name !== own)?.[0];
  if (name !== undefined) return { $ref: refersTo(name) };
  const registry = z.registry<{ id: string }>();
  for (const [name, candidate] of Object.entries(named)) registry.add(candidate, { id: name });
  const id = own ?? "this";
  if (own === undefined) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: "input", unrepresentable: "any", uri: refersTo });
  const { $schema: _schema, $id: _id, ...described } = schemas[id] ?? {};
  return described;
}
