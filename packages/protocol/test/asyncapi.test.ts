import { Parser } from "@asyncapi/parser";
import { expect, it } from "vitest";
import { commands, protocolVersion, serverEvents } from "@chat-widget/protocol";
import { asyncapiOf } from "../scripts/asyncapi.ts";
import { readContract } from "../scripts/contract.ts";
import { readFixtures } from "../scripts/fixtures.ts";

const document = asyncapiOf(readContract(), readFixtures(protocolVersion));

it("is a valid AsyncAPI 3 document, examples included", { timeout: 60_000 }, async () => {
  const parser = new Parser();
  const { document: parsed, diagnostics } = await parser.parse(JSON.stringify(document));
  expect(diagnostics.filter(({ severity }) => severity === 0).map(({ message, path }) => `${path.join(".")}: ${message}`)).toEqual([]);
  expect(parsed?.operations().all()).toHaveLength(1 + Object.keys(commands).length + Object.keys(serverEvents).length);
  expect(parsed?.messages().all().length).toBe(1 + 2 * Object.keys(commands).length + Object.keys(serverEvents).length);
});

it("says of every command that it is received and answered", () => {
  expect(document.operations["messageSend"]).toMatchObject({
    action: "receive",
    messages: [{ $ref: "#/channels/chat/messages/MessageSend" }],
    reply: { messages: [{ $ref: "#/channels/chat/messages/MessageSendReply" }] },
    "x-ack": true,
  });
  expect(document.operations["roomEvents"]).toMatchObject({ action: "send", messages: [{ $ref: "#/channels/chat/messages/RoomEvents" }] });
});
