import { type Contract, type Told, pascalCase } from "./contract.ts";
import type { Fixtures } from "./fixtures.ts";
import { type JsonSchema, jsonSchemaOf, replyNameOf } from "./json-schema.ts";

interface Message {
  name: string;
  title: string;
  summary: string;
  payload: { $ref: string };
  examples: { name: string; payload: unknown }[];
}

const channel = { $ref: "#/channels/chat" };
const inChannel = (key: string) => ({ $ref: `#/channels/chat/messages/${key}` });

/** The contract as an AsyncAPI 3 document, from the server's side: it receives commands and answers them, and sends the rest. */
export function asyncapiOf(contract: Contract, fixtures: Fixtures) {
  const messages: Record<string, Message> = {};
  const operations: Record<string, object> = {};
  const message = (key: string, name: string, summary: string, schema: string, example: unknown) => {
    messages[key] = { name, title: name, summary, payload: { $ref: `#/components/schemas/${schema}` }, examples: [{ name: key, payload: example }] };
  };

  message("Handshake", "CONNECT", "What a client says of itself when it connects, in the `auth` of Socket.IO's CONNECT packet.", "Handshake", fixtures.handshake);
  operations["connect"] = {
    action: "receive",
    summary: "Opens a session. The server answers with `session:ready`, or refuses the connection with a `WireError` as `data` of Socket.IO's CONNECT_ERROR packet.",
    channel,
    messages: [inChannel("Handshake")],
    reply: { channel, messages: [inChannel("SessionReady")] },
  };
  for (const { name, doc, input, output } of contract.commands) {
    const [key, example] = [pascalCase(name), fixtures.commands[name]];
    message(key, name, doc, input.name, example?.input);
    message(`${key}Reply`, `${name} reply`, `The acknowledgement of \`${name}\`.`, replyNameOf(output), example?.reply);
    operations[camelCase(key)] = {
      action: "receive",
      summary: doc,
      channel,
      messages: [inChannel(key)],
      reply: { channel, messages: [inChannel(`${key}Reply`)] },
      "x-ack": true,
    };
  }
  for (const { name, doc, payload } of contract.serverEvents) {
    message(payload.name, name, doc, payload.name, fixtures["server-events"][name]);
    operations[camelCase(payload.name)] = { action: "send", summary: doc, channel, messages: [inChannel(payload.name)] };
  }

  return {
    asyncapi: "3.0.0",
    info: {
      title: "@chat-widget protocol",
      version: String(contract.version),
      description: `Commands, events and signals over Socket.IO. \`room:events\` carries events of these types: ${listOf(contract.events)}.`,
      license: { name: "MIT" },
    },
    defaultContentType: "application/json",
    servers: { chat: { host: "localhost:3000", pathname: "/chat/socket.io", protocol: "wss", protocolVersion: "5", description: "A Socket.IO server, namespace `/`." } },
    channels: {
      chat: {
        address: "/",
        title: "The connection of one user",
        servers: [{ $ref: "#/servers/chat" }],
        messages: Object.fromEntries(Object.keys(messages).map((key) => [key, { $ref: `#/components/messages/${key}` }])),
      },
    },
    operations,
    components: { messages, schemas: schemasOf(contract) },
  };
}

/** The definitions of the JSON Schema document, with references as AsyncAPI resolves them. */
function schemasOf(contract: Contract): Record<string, JsonSchema> {
  const text = JSON.stringify(jsonSchemaOf(contract).$defs);
  return JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/'));
}

const camelCase = (key: string) => key.charAt(0).toLowerCase() + key.slice(1);
const listOf = (told: Told[]) => told.map(({ name }) => `\`${name}\``).join(", ");
