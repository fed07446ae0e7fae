import * as fc from "fast-check";
import { commands, serverEvents } from "@chat-widget/protocol";

const names = [...Object.keys(commands), ...Object.keys(serverEvents), "error", "disconnect", "newListener", "__proto__", "constructor", ""];

/** The data of a Socket.IO packet: an event's, any JSON, or none. */
const payload = fc.oneof(
  fc.tuple(fc.oneof(fc.constantFrom(...names), fc.jsonValue()), fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 3 })).map(([name, args]) => JSON.stringify([name, ...args])),
  fc.json({ maxDepth: 2 }),
  fc.constantFrom("", "{", "[", '["', "]", '{"protocol":[1]}', '{"protocol":[1],"guestName":"Eve"}', "NaN", "[1e999]", '[{"_placeholder":true,"num":0}]', "\u0000"),
);

/** A Socket.IO packet by its grammar, each part of which may be wrong. */
const socketPacket = fc
  .tuple(
    fc.constantFrom("0", "1", "2", "2", "2", "2", "3", "4", "5", "6", "7", "9", "", "x"),
    fc.option(fc.constantFrom("0-", "1-", "11-", "1e1-", "-1-", "999999999999-", "-"), { freq: 9 }),
    fc.option(fc.constantFrom("/,", "/admin,", "/chat", "/__proto__,", "/?token=x,"), { freq: 9 }),
    fc.option(fc.oneof(fc.nat().map(String), fc.constantFrom("0", "-1", "1.5", "99999999999999999999")), { freq: 2 }),
    payload,
  )
  .map((parts) => parts.map((part) => part ?? "").join(""));

/** What is sent on one connection, one packet after the other: most of it Socket.IO's, the rest Engine.IO's own or nobody's. */
export const packets = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: socketPacket.map((packet) => `4${packet}`) },
    { weight: 2, arbitrary: fc.constantFrom("3", "3probe", "6", "4") },
    { weight: 1, arbitrary: fc.constantFrom("0", "1", "2", "2probe", "5", "7", "9", "", "bAAAA", "b", "b====") },
    { weight: 1, arbitrary: fc.string({ maxLength: 30, unit: "binary" }) },
    // A frame of bytes, which polling sends as a text.
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 30 }) },
  ),
  { minLength: 1, maxLength: 30 },
);
