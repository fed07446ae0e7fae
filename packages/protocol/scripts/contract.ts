import * as protocol from "@chat-widget/protocol";
import type * as z from "zod/mini";
import { type Declared, type Docstring, readDocstrings } from "./docstrings.ts";

type Schema = z.core.$ZodType;

/** A schema under the name it has in every generated document, with what the sources say of it. */
export interface Definition {
  name: string;
  schema: Schema;
  declared: Declared;
}

export interface Command {
  name: string;
  doc: string;
  input: Definition;
  output: Definition;
}

/** Something a server tells: an event of a log, or a frame of its own. */
export interface Told {
  name: string;
  doc: string;
  payload: Definition;
}

export interface DocumentedError {
  code: string;
  doc: Docstring;
  retry: protocol.Retry;
}

/** The whole contract, ready to be written down. */
export interface Contract {
  version: number;
  /** The parts that others are made of, under the names they are exported by. */
  parts: Definition[];
  commands: Command[];
  events: Told[];
  serverEvents: Told[];
  errors: DocumentedError[];
  limits: { name: string; doc: string; value: number }[];
  timing: { name: string; doc: string; value: number }[];
}

const { Emoji, Epoch, FileName, Position, PictureUrl, Seq, Text, Timestamp, CommandId, DisplayName, RoomId, UserId } = protocol;
const { Attachment, CatchUp, Cursor, Identity, Joined, Limits, ListedRoom, Member, Message, MessagePage, Presence, Profile, Reaction, Receipt, Refusal, RoomEvent, RoomPatch, RoomSettings, StructuredData, ThreadSummary, Version, WireError, WireEvent, Write, WriteResult, Written } = protocol;
const primitives = { CommandId, DisplayName, Emoji, Epoch, FileName, PictureUrl, Position, RoomId, Seq, Text, Timestamp, UserId };
const entities = { Attachment, CatchUp, Cursor, Identity, Joined, Limits, ListedRoom, Member, Message, MessagePage, Presence, Profile, Reaction, Receipt, Refusal, RoomPatch, RoomSettings, StructuredData, ThreadSummary, Version, WireError, WireEvent, Write, WriteResult, Written };

/** Gathers the schemas of the package and the docstrings of its sources. */
export function readContract(): Contract {
  const docs = readDocstrings();
  const exported = (name: string) => required(docs.get(name), name);
  const member = (group: string, name: string) => required(exported(group).member(name), `${group}.${name}`);
  const told = (group: string, schemas: Record<string, Schema>): Told[] =>
    Object.entries(schemas).map(([name, schema]) => {
      const declared = member(group, name);
      return { name, doc: declared.doc.text, payload: { name: pascalCase(name), schema, declared } };
    });
  const numbers = (group: string, values: Record<string, number>, describe: (name: string) => Declared) =>
    Object.entries(values).map(([name, value]) => ({ name, value, doc: required(describe(name).doc.text, `${group}.${name}`) }));

  return {
    version: protocol.protocolVersion,
    parts: [
      ...Object.entries({ ...primitives, ...entities }).map(([name, schema]) => ({ name, schema, declared: exported(name) })),
      { name: "User", schema: Identity.shape.user, declared: { ...required(exported("Identity").key("user"), "Identity.user"), doc: exported("User").doc } },
      { name: "Handshake", schema: protocol.Handshake, declared: exported("Handshake") },
      { name: "RoomEvent", schema: RoomEvent, declared: exported("RoomEvent") },
    ],
    commands: Object.entries(protocol.commands).map(([name, { input, output }]) => {
      const declared = member("commands", name);
      return {
        name,
        doc: declared.doc.text,
        input: { name: `${pascalCase(name)}Input`, schema: input, declared: required(declared.member("input"), `${name} input`) },
        output: { name: `${pascalCase(name)}Output`, schema: output, declared: required(declared.member("output"), `${name} output`) },
      };
    }),
    events: told("eventSchemas", protocol.eventSchemas),
    serverEvents: told("serverEvents", protocol.serverEvents),
    errors: Object.entries(protocol.errorCodes).map(([code, { retry }]) => ({ code, retry, doc: member("errorCodes", code).doc })),
    limits: numbers("Limits", protocol.defaultLimits, (name) => required(exported("Limits").key(name), `Limits.${name}`)),
    timing: numbers("signalTiming", protocol.signalTiming, (name) => member("signalTiming", name)),
  };
}

/** `message:send` and `message.sent` as the name of a definition: `MessageSend`, `MessageSent`. */
export function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|[.:-])(\w)/g, (_match, letter: string) => letter.toUpperCase());
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined || value === "") throw new Error(`unable to describe the protocol; ${name} has no docstring`);
  return value;
}
