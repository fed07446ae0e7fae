import { once } from "node:events";
import { createServer } from "node:http";
import { createChatClient, type Room, type RoomMessage } from "@chat-widget/client";
import { createChatServer } from "@chat-widget/server";
import { expect, it, onTestFinished, vi } from "vitest";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const author = { id: "bot", name: "Bot" };

async function start() {
  const http = createServer();
  const chat = createChatServer(http, { guests: true, logger: silent });
  await once(http.listen(0, "127.0.0.1"), "listening");
  onTestFinished(async () => {
    await chat.close({ drainMs: 100 });
    http.closeAllConnections();
    http.close();
  });
  const address = http.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const join = async (): Promise<Room> => {
    const client = createChatClient({ url: `http://127.0.0.1:${port}/chat`, logger: silent, random: () => 0 });
    onTestFinished(() => client.close());
    const room = client.room("lobby");
    await vi.waitFor(() => expect(room.getSnapshot().phase).toBe("ready"), { timeout: 10_000 });
    return room;
  };
  return { chat, join };
}

const lines = (room: Room) => room.getSnapshot().messages.map(({ text, delivery }) => [text, delivery.state]);

it("a message that is being written ends the list, and becomes the message it is stored as without a moment between", async () => {
  const { chat, join } = await start();
  const ann = await join();
  const seen: (readonly RoomMessage[])[] = [];
  ann.subscribe(() => void seen.push(ann.getSnapshot().messages));
  const stream = await chat.room("lobby").stream({ author });
  stream.write("one ");
  await vi.waitFor(() => expect(lines(ann)).toEqual([["one ", "streaming"]]), { timeout: 10_000 });
  await ann.send({ text: "meanwhile" });
  stream.write("two");
  await vi.waitFor(() =>
    expect(lines(ann)).toEqual([
      ["meanwhile", "sent"],
      ["one two", "streaming"],
    ]),
  );
  const late = await join();
  stream.write(" three");
  await vi.waitFor(() => expect(lines(late).at(-1)).toEqual(["one two three", "streaming"]), { timeout: 10_000 });
  await stream.end();
  for (const room of [ann, late]) await vi.waitFor(() => expect(lines(room).at(-1)).toEqual(["one two three", "sent"]), { timeout: 10_000 });
  // From its first word on it was on every screen, once.
  const first = seen.findIndex((messages) => messages.some(({ id }) => id === stream.id));
  for (const messages of seen.slice(first)) expect(messages.filter(({ id }) => id === stream.id)).toHaveLength(1);
  expect(ann.getSnapshot().unreadCount).toBe(1);
});

it("a message that is taken back vanishes", async () => {
  const { chat, join } = await start();
  const ann = await join();
  const stream = await chat.room("lobby").stream({ author });
  stream.write("one ");
  await vi.waitFor(() => expect(lines(ann)).toEqual([["one ", "streaming"]]), { timeout: 10_000 });
  stream.giveUp();
  await vi.waitFor(() => expect(lines(ann)).toEqual([]));
});
