import { once } from "node:events";
import { createServer } from "node:http";
import { createChatServer } from "@chat-widget/server";
import { createChatClient, type Room, type SearchPage } from "@chat-widget/client";
import { expect, it, onTestFinished, vi } from "vitest";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const bot = { id: "bot", name: "Bot" };

async function start() {
  const http = createServer();
  const chat = createChatServer(http, { guests: true, logger: silent });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const address = http.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/chat`;
  onTestFinished(async () => {
    await chat.close({ drainMs: 100 });
    http.closeAllConnections();
    http.close();
  });
  const join = async (): Promise<Room> => {
    const client = createChatClient({ url, logger: silent });
    onTestFinished(() => client.close());
    const room = client.room("lobby");
    await vi.waitFor(() => expect(room.getSnapshot().phase).toBe("ready"));
    return room;
  };
  return { server: chat.room("lobby"), join };
}

const texts = ({ results }: SearchPage) => results.map(({ message }) => message.text);

it("finds messages page by page, and jumps to one of them", async () => {
  const { server, join } = await start();
  for (let n = 1; n <= 120; n += 1) await server.send({ author: bot, text: n % 40 === 0 ? `a needle, ${n}` : `hay ${n}` });
  const room = await join();
  const first = await room.search("needle", { limit: 2 });
  expect(texts(first)).toEqual(["a needle, 120", "a needle, 80"]);
  expect(first.results[0]?.highlights).toEqual([{ start: 2, end: 8 }]);
  const second = await first.more?.();
  expect(second && texts(second)).toEqual(["a needle, 40"]);
  expect(second?.more).toBeUndefined();

  const found = second?.results[0]?.message;
  const window = await room.around(found?.id ?? "");
  expect(room.getSnapshot().messages.some(({ id }) => id === found?.id)).toBe(false);
  expect(window.getSnapshot()).toMatchObject({ hasOlder: true, hasNewer: true });
  await window.loadOlder();
  await window.loadNewer();
  await window.loadNewer();
  expect(window.getSnapshot().messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 120 }, (_, n) => n + 1));
  await server.edit(found?.id ?? "", { by: "bot", text: "a thimble" });
  await vi.waitFor(() => expect(window.getSnapshot().messages[39]?.text).toBe("a thimble"));
  await room.send({ text: "thanks" });
  await vi.waitFor(() => expect(window.getSnapshot().messages.at(-1)).toMatchObject({ text: "thanks", isMine: true }));
  window.release();
  expect(texts(await room.search("needle"))).toEqual(["a needle, 120", "a needle, 80"]);
});

it("says why it cannot search or jump", async () => {
  const { join } = await start();
  const room = await join();
  await expect(room.search("")).rejects.toMatchObject({ code: "invalid" });
  await expect(room.search("a ".repeat(30))).rejects.toMatchObject({ code: "too-large" });
  await expect(room.around("019b76da-abe8-7000-8000-000000000001")).rejects.toMatchObject({ code: "not-found" });
});
