import { expect, it } from "vitest";
import { ManualClock } from "../test/manual-clock.js";
import { byToken } from "../test/moderators.js";
import { connect, refusalOf } from "../test/test-client.js";
import { startServer } from "../test/test-server.js";
import { WatchedStore } from "../test/watched-store.js";
import { memoryStore } from "./stores/memory-store.js";

const by = "mia";

it("notes every ban and its end, with the reason, and gives the newest first in pages", async () => {
  const clock = new ManualClock();
  const { chat } = await startServer({ perAddress: { proxies: 0 }, clock });
  const { moderation } = chat;
  const at = clock.now();
  await moderation.ban({ userId: "bob" }, { by, reason: "spam", until: at + 60_000 });
  await moderation.ban({ address: "203.0.113.7" }, { by });
  await moderation.unban({ userId: "bob" }, { by: "ada", reason: "said sorry" });
  await moderation.unban({ userId: "nobody" }, { by });
  const entries = await moderation.audit();
  expect(entries).toMatchObject([
    { at, by: "ada", action: "user.unbanned", userId: "bob", reason: "said sorry" },
    { at, by, action: "address.banned", address: "203.0.113.7" },
    { at, by, action: "user.banned", userId: "bob", reason: "spam", until: at + 60_000 },
  ]);
  const [first] = await moderation.audit({ limit: 1 });
  expect(first).toEqual(entries[0]);
  expect(await moderation.audit({ before: entries[0]?.id, limit: 1 })).toEqual([entries[1]]);
  expect(await moderation.audit({ roomId: "lobby" })).toEqual([]);
});

it("knows after a restart who is banned, before anybody is let in", async () => {
  const { store } = new WatchedStore(memoryStore());
  const options = { store, authenticate: byToken, guests: false };
  const before = await startServer(options);
  await before.chat.moderation.ban({ userId: "bob" }, { by });
  await before.chat.close();
  const after = await startServer(options);
  expect(await refusalOf(connect(after.origin, { token: "bob" }))).toMatchObject({ code: "banned" });
  expect(await after.chat.moderation.bans()).toMatchObject([{ userId: "bob" }]);
});

it("lets nobody in while it is not known who is banned", async () => {
  const { store } = new WatchedStore(memoryStore());
  const down = { ...store, records: () => Promise.reject(new Error("the disk is full")) };
  const { origin } = await startServer({ store: down });
  expect(await refusalOf(connect(origin))).toMatchObject({ retry: "same" });
});

it.each([
  ["no user", { userId: "" }, { by }, "userId"],
  ["no address", { address: "bob" }, { by }, "203.0.113.0/24"],
  ["nobody who decides", { userId: "bob" }, { by: "" }, "by"],
  ["an endless reason", { userId: "bob" }, { by, reason: "x".repeat(1_001) }, "reason"],
  ["no time", { userId: "bob" }, { by, until: Number.NaN }, "until"],
])("refuses %s in words that help", async (_, target, change, hint) => {
  const { chat } = await startServer({ perAddress: { proxies: 0 } });
  const error = await refusalOf(chat.moderation.ban(target, change));
  expect(error).toMatchObject({ code: "invalid" });
  expect(error.message).toContain(hint);
});

it("bans no address where it does not know which one is a visitor's", async () => {
  const { chat } = await startServer();
  expect((await refusalOf(chat.moderation.ban({ address: "203.0.113.7" }, { by }))).message).toContain("perAddress");
});
