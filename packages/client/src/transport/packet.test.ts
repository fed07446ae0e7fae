import * as fc from "fast-check";
import { expect, it } from "vitest";
import { readPacket } from "./packet.js";

it.each([
  ['0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000}', { type: "open", pingInterval: 25_000, pingTimeout: 20_000 }],
  ["1", { type: "closed" }],
  ["2", { type: "ping" }],
  ['40{"sid":"b"}', { type: "connected" }],
  ['40/chat,{"sid":"b"}', { type: "connected" }],
  ["41", { type: "closed" }],
  ['42["room:heads",{"heads":[]}]', { type: "event", name: "room:heads", payload: { heads: [] } }],
  ['42/chat,["room:heads",{"heads":[]}]', { type: "event", name: "room:heads", payload: { heads: [] } }],
  ['4312[{"ok":true}]', { type: "answer", id: 12, payload: { ok: true } }],
  ['43/chat,12[{"ok":true}]', { type: "answer", id: 12, payload: { ok: true } }],
  ['44{"message":"no","data":{"code":"forbidden"}}', { type: "refused", message: "no", data: { code: "forbidden" } }],
])("reads %s", (frame, packet) => {
  expect(readPacket(frame)).toMatchObject(packet);
});

it.each(["", "3", "6", "5", "42", "42[]", "42[7]", '42{"a":1}', "4", "hello"])("reads nothing in %j", (frame) => {
  expect(readPacket(frame)).toBeUndefined();
});

it("gives a packet, nothing or an Error for any text", () => {
  const frame = fc.oneof(fc.string(), fc.tuple(fc.constantFrom("0", "40", "41", "42", "43", "44", "42/chat,", "437"), fc.oneof(fc.json(), fc.string())).map((parts) => parts.join("")));
  fc.assert(
    fc.property(frame, (text) => {
      try {
        const packet = readPacket(text);
        expect(packet === undefined || typeof packet.type === "string").toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
      }
    }),
  );
});
