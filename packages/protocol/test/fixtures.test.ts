import { describe, expect, it } from "vitest";
import { Handshake, ReplyEnvelope, WireError, applyEvent, chatErrorFrom, commands, eventSchemas, parseEvent, protocolVersion, serverEvents, supportedProtocolVersions, WireEvent } from "@chat-widget/protocol";
import type * as z from "zod/mini";
import { readFixtures } from "../scripts/fixtures.ts";

/** Fixtures are golden: what they hold was on the wire once, and is read for as long as its version is spoken. */
describe.each(supportedProtocolVersions)("what version %i put on the wire is still read, without loss", (version) => {
  const fixtures = readFixtures(version);
  const events: Record<string, z.ZodMiniType> = eventSchemas;
  const told: Record<string, z.ZodMiniType> = serverEvents;
  const asked: Record<string, { input: z.ZodMiniType; output: z.ZodMiniType }> = commands;

  it("the handshake", () => {
    expect(Handshake.parse(fixtures.handshake)).toEqual(fixtures.handshake);
  });

  it.each(Object.entries(fixtures.commands))("%s and its answer", (name, { input, reply }) => {
    expect(asked[name]?.input.parse(input)).toEqual(input);
    const envelope = ReplyEnvelope.parse(reply);
    expect(envelope.ok && { ok: true, data: asked[name]?.output.parse(envelope.data) }).toEqual(reply);
  });

  it.each(Object.entries(fixtures.events))("%s", (name, event) => {
    expect(events[name]?.parse(event)).toEqual(event);
    expect(parseEvent(WireEvent.parse(event))).toMatchObject({ kind: "known", event });
  });

  it.each(Object.entries(fixtures["server-events"]))("%s", (name, payload) => {
    expect(told[name]?.parse(payload)).toEqual(payload);
  });

  it("refusals", () => {
    const { command, input, connection } = fixtures.refusals;
    for (const refusal of [command, input]) expect(ReplyEnvelope.parse(refusal)).toEqual(refusal);
    const { data } = connection as { data: unknown };
    expect(chatErrorFrom(data).toJSON()).toEqual(WireError.parse(data));
    expect(chatErrorFrom(data)).toMatchObject({ code: "unsupported-version", retry: "no" });
  });
});

it("has an example of everything that the present version says", () => {
  const fixtures = readFixtures(protocolVersion);
  expect(Object.keys(fixtures.commands).toSorted()).toEqual(Object.keys(commands).toSorted());
  expect(Object.keys(fixtures.events).toSorted()).toEqual(Object.keys(eventSchemas).toSorted());
  expect(Object.keys(fixtures["server-events"]).toSorted()).toEqual(Object.keys(serverEvents).toSorted());
});

it("tells one story: the events, folded, make the message of the page", () => {
  const { events, commands: examples } = readFixtures(protocolVersion);
  const known = ["message.sent", "message.edited", "reaction.added"].map((name) => parseEvent(WireEvent.parse(events[name])));
  const message = known.reduce<ReturnType<typeof applyEvent>>((folded, parsed) => (parsed.kind === "known" ? applyEvent(folded, parsed.event) : folded), undefined);
  expect(examples["history:read"]?.reply).toMatchObject({ data: { messages: [message, {}] } });
});
