import { once } from "node:events";
import { createServer } from "node:http";
import { createChatServer, type Role } from "@chat-widget/server";
import { createChatClient, type Room } from "@chat-widget/client";
import { expect, it, onTestFinished, vi } from "vitest";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const roles: Record<string, Role[]> = { mia: ["moderator"] };

async function start() {
  const http = createServer();
  const chat = createChatServer(http, { authenticate: ({ token = "" }) => ({ id: token, name: token, roles: roles[token] }), logger: silent });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const address = http.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/chat`;
  onTestFinished(async () => {
    await chat.close({ drainMs: 100 });
    http.closeAllConnections();
    http.close();
  });
  return async (name: string): Promise<Room> => {
    const client = createChatClient({ url, logger: silent, getToken: () => name });
    onTestFinished(() => client.close());
    const room = client.room("lobby");
    await vi.waitFor(() => expect(room.getSnapshot().phase).toBe("ready"));
    return room;
  };
}

it("reports a message, tells moderators, and lets them decide", async () => {
  const join = await start();
  const [ann, bob, mia] = [await join("ann"), await join("bob"), await join("mia")];
  const moderation = await mia.moderation();
  const onReport = vi.fn();
  const end = moderation.onReport(onReport);
  const { id } = await bob.send({ text: "buy my watches" });
  await (await ann.moderation()).report(id, "spam", "everywhere");
  await vi.waitFor(() => expect(onReport).toHaveBeenCalledTimes(1));
  const { reports, next } = await moderation.reports();
  expect([reports, next]).toMatchObject([[{ messageId: id, text: "buy my watches", complaints: [{ by: "ann", reason: "spam", note: "everywhere" }] }], undefined]);
  await moderation.resolve(reports[0]?.id ?? "", "deleted", { reason: "advertising" });
  await vi.waitFor(() => expect(ann.getSnapshot().messages).toMatchObject([{ id, text: "" }]));
  end();
  const { id: another } = await bob.send({ text: "again" });
  await (await ann.moderation()).report(another, "other");
  expect((await moderation.reports()).reports).toMatchObject([{ messageId: another }]);
  expect(onReport).toHaveBeenCalledTimes(1);
  expect((await moderation.audit({ limit: 1 })).entries).toMatchObject([{ action: "message.deleted", by: "mia", reason: "advertising" }]);
});

it("mutes, and refuses whoever may not", async () => {
  const join = await start();
  const [ann, bob, mia] = [await join("ann"), await join("bob"), await join("mia")];
  await (await mia.moderation()).mute("bob", { forMs: 60_000, reason: "rude" });
  await expect(bob.send({ text: "hello" })).rejects.toMatchObject({ code: "forbidden" });
  await (await mia.moderation()).unmute("bob");
  await bob.send({ text: "thanks" });
  await expect((await ann.moderation()).mute("bob")).rejects.toMatchObject({ code: "forbidden" });
  await expect((await ann.moderation()).reports()).rejects.toMatchObject({ code: "forbidden" });
});
