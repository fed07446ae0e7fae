import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import type { CommandName } from "@chat-widget/protocol";
import { byToken, enter, ofTokens, roomId } from "../moderators.js";
import { connect, refusalOf } from "../test-client.js";
import { underOracle } from "./oracle.js";

const by = "mia";
const reason = "a reason that is nobody's business";
const member = (userId: string, room = roomId) => ({ roomId: room, id: uuidv7(), userId });

describe("abuse of moderation", () => {
  it("29. Ban: cuts every connection of a user or an address, and lets none of them in again", async () => {
    await underOracle({ authenticate: byToken, guests: true, perAddress: { proxies: 1 } }, async ({ origin, chat, canary }) => {
      await canary.ask("room:join", { roomId });
      const from = (address: string) => ({ headers: { "x-forwarded-for": address } });
      const bobs = [await connect(origin, { token: "bob" }), await connect(origin, { token: "bob", transports: ["polling"] })];
      const guest = await connect(origin, { guestName: "Gus", ...from("203.0.113.7") });
      for (const client of [...bobs, guest]) await client.ask("room:join", { roomId });
      const { catchUp } = await guest.ask("room:join", { roomId });
      await chat.moderation.ban({ userId: "bob" }, { by, reason });
      for (const bob of bobs) await bob.ends();
      expect(await refusalOf(connect(origin, { token: "bob" }))).toMatchObject({ code: "banned", retry: "no" });
      await chat.moderation.ban({ userId: guest.ready.user.id }, { by });
      await guest.ends();
      const { guestToken = "" } = guest.ready;
      expect(await refusalOf(connect(origin, { guestToken, ...from("198.51.100.1") }))).toMatchObject({ code: "banned" });
      await chat.moderation.ban({ address: "203.0.113.0/24" }, { by });
      expect(await refusalOf(connect(origin, { guestName: "Gus again", ...from("203.0.113.9") }))).toMatchObject({ code: "banned" });
      // What only a proxy may write is not believed of others.
      expect(await refusalOf(connect(origin, { guestName: "Gus again", ...from("198.51.100.1, 203.0.113.9") }))).toMatchObject({ code: "banned" });
      expect(canary.socket.connected).toBe(true);
      expect(catchUp.epoch).not.toBe("");
    });
  });

  it("38. Others' messages: whoever moderates deletes them and is on record, for moderators alone", async () => {
    await underOracle(ofTokens, async ({ origin }) => {
      const [ann, bob, mia] = [await enter(origin, "ann"), await enter(origin, "bob"), await enter(origin, "mia moderator")];
      const { id: messageId } = await ann.send(roomId, "mine");
      expect(await refusalOf(bob.ask("message:delete", { roomId, id: uuidv7(), messageId, reason }))).toMatchObject({ code: "forbidden" });
      await mia.ask("message:delete", { roomId, id: uuidv7(), messageId, reason });
      const { id: own } = await ann.send(roomId, "mine too");
      await ann.ask("message:delete", { roomId, id: uuidv7(), messageId: own });
      expect((await mia.ask("audit:read", { roomId })).entries).toMatchObject([{ action: "message.deleted", by: "mia", userId: "ann", messageId, reason }]);
      for (const client of [ann, bob]) {
        for (const where of [{ roomId }, {}]) expect(await refusalOf(client.ask("audit:read", where))).toMatchObject({ code: "forbidden" });
        expect(JSON.stringify(client.heard)).not.toContain(reason);
      }
    });
  });

  it("39. Removed member: hears nothing from the moment on that they are put out, of what is said, typed or read", async () => {
    await underOracle(ofTokens, async ({ origin, secrets }) => {
      secrets.push("after the ban");
      const [ann, bob, mia] = [await enter(origin, "ann"), await enter(origin, "bob"), await enter(origin, "mia moderator")];
      const before = Array.from({ length: 20 }, (_, n) => ann.send(roomId, `before the ban ${n}`));
      await Promise.all([...before, mia.ask("member:ban", { ...member("bob"), reason })]);
      const { length } = bob.heard.filter(({ name }) => name !== "room:permissions");
      const said = await Promise.all(Array.from({ length: 20 }, (_, n) => mia.send(roomId, `after the ban ${n}`)));
      await ann.ask("typing:set", { roomId, isTyping: true });
      await mia.ask("receipt:move", { roomId, seq: said.at(-1)?.seq ?? 0 });
      for (const name of ["typing:changed", "receipt:moved"] as const) await mia.hears(name);
      await bob.hears("room:permissions", ({ permissions }) => permissions.length === 0);
      const heard = JSON.stringify(bob.heard.slice(length).filter(({ name }) => name !== "room:permissions"));
      expect(heard).not.toMatch(/after the ban|typing:changed|receipt:moved/);
      for (const [name, input] of [["room:sync", { after: { epoch: "e", seq: 0 } }], ["history:read", {}], ["message:read", { messageIds: [uuidv7()] }], ["typing:set", { isTyping: true }], ["message:report", { messageId: uuidv7(), reason: "spam" }]] as const) {
        expect(await refusalOf(bob.askAnything(name, { roomId, ...input })), name).toMatchObject({ code: "forbidden" });
      }
    });
  });

  it("45. Per-recipient projection: nobody but moderators hears who reported what, why somebody was muted, or what was flagged", async () => {
    await underOracle({ ...ofTokens, moderate: ({ text }) => (text.includes("watches") ? { flag: "sells-watches" } : undefined) }, async ({ origin }) => {
      const [ann, bob, mia] = [await enter(origin, "ann"), await enter(origin, "bob"), await enter(origin, "mia moderator")];
      const sent = await bob.send(roomId, "watches");
      const plain = await bob.send(roomId, "hello");
      expect(Object.keys(sent).sort()).toEqual(Object.keys(plain).sort());
      expect(await ann.ask("message:report", { roomId, messageId: sent.id, reason: "spam", note: "a-note-of-ann" })).toEqual({});
      // The same answer whether somebody reported it before or not.
      expect(await bob.ask("message:report", { roomId, messageId: sent.id, reason: "other" })).toEqual({});
      await mia.ask("member:mute", { ...member("bob"), reason });
      const history = [await ann.ask("history:read", { roomId }), await bob.ask("history:read", { roomId }), await bob.ask("message:read", { roomId, messageIds: [sent.id] })];
      await ann.hears("room:events", ({ events }) => events.some(({ type }) => type === "member.changed"));
      await mia.hears("report:filed");
      expect(JSON.stringify([ann.heard, bob.heard, history])).not.toMatch(/sells-watches|a-note-of-ann|nobody's business|report|flag/);
    });
  });

  it("47. Moderator boundaries: whoever moderates one room has no say in another, nor over their equals, nor over themselves", async () => {
    await underOracle(ofTokens, async ({ origin, chat }) => {
      const ada = await enter(origin, "ada admin");
      const [ann, rob] = [await enter(origin, "ann"), await enter(origin, "rob")];
      for (const room of [roomId, "other"]) {
        for (const client of [ada, ann, rob]) await client.ask("room:join", { roomId: room });
      }
      for (const userId of ["rob", "zoe"]) {
        await ada.ask("member:add", member(userId));
        await ada.ask("member:set-role", { ...member(userId), role: "moderator" });
      }
      await ada.ask("member:add", member("rob", "other"));
      const mia = await enter(origin, "mia moderator");
      const { id: messageId } = await ann.send("other", "hi");
      await ann.ask("message:report", { roomId: "other", messageId, reason: "spam" });
      const [report] = await chat.moderation.reports();
      const decisions: readonly CommandName[] = ["member:mute", "member:unmute", "member:ban", "member:unban", "member:kick"];
      for (const name of decisions) {
        // Of another room, of equals and those above, of oneself; and of whoever moderates nothing, all.
        for (const about of [member("ann", "other"), member("zoe"), member("mia"), member("ada"), member("rob")]) expect(await refusalOf(rob.askAnything(name, about)), `${name} ${about.userId}`).toMatchObject({ code: "forbidden" });
        for (const about of [member("ada"), member("mia")]) expect(await refusalOf(mia.askAnything(name, about)), `${name} ${about.userId}`).toMatchObject({ code: "forbidden" });
        for (const about of [member("rob"), member("nobody"), member("ann")]) expect(await refusalOf(ann.askAnything(name, about)), name).toMatchObject({ code: "forbidden" });
      }
      for (const who of [rob, ann]) {
        expect(await refusalOf(who.ask("report:resolve", { roomId: "other", id: uuidv7(), reportId: report?.id ?? "", action: "deleted" }))).toMatchObject({ code: "forbidden" });
        for (const where of [{ roomId: "other" }, { roomId: "a room that is not" }, {}]) {
          expect(await refusalOf(who.askAnything("report:list", where))).toMatchObject({ retry: "no" });
          expect(await refusalOf(who.askAnything("audit:read", where))).toMatchObject({ retry: "no" });
        }
        expect(await refusalOf(who.ask("member:set-role", { ...member(who.ready.user.id, "other"), role: "moderator" }))).toMatchObject({ code: "forbidden" });
      }
      // A report of one room is not found by way of another.
      expect(await refusalOf(rob.ask("report:resolve", { roomId, id: uuidv7(), reportId: report?.id ?? "", action: "dismissed" }))).toMatchObject({ code: "not-found" });
      await rob.ask("member:mute", member("ann"));
      await mia.ask("member:mute", member("rob"));
      await ada.ask("member:mute", member("mia"));
      await ann.send("other", "still here");
    });
  });
});
