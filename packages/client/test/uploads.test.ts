import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { type Server, createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createChatClient, filesFrom, type Room } from "@chat-widget/client";
import { createChatServer, diskFiles, memoryStore, type ChatServerOptions } from "@chat-widget/server";
import { expect, it, onTestFinished, vi } from "vitest";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

interface Scene {
  http: Server;
  room: Room;
  other: Room;
  /** How many files the server keeps. */
  count(): Promise<number>;
}

/** A server that takes files, and two who are in its lobby. */
async function open(options: ChatServerOptions = {}): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), "uploads-"));
  const http = createServer();
  const chat = createChatServer(http, { guests: true, logger: silent, store: memoryStore(), uploads: { files: diskFiles({ folder }) }, ...options });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const address = http.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/chat`;
  const clients = [1, 2].map(() => createChatClient({ url, logger: silent, random: () => 0 }));
  onTestFinished(async () => {
    for (const client of clients) await client.close();
    await chat.close({ drainMs: 100 });
    http.closeAllConnections();
    http.close();
    await rm(folder, { recursive: true, force: true });
  });
  const [room, other] = clients.map((client) => client.room("lobby"));
  if (room === undefined || other === undefined) throw new Error("there are two clients");
  for (const joined of [room, other]) await vi.waitFor(() => expect(joined.getSnapshot().phase).toBe("ready"));
  return { http, room, other, count: async () => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length };
}

const pdf = (bytes: number) => new File(["%PDF-1.7\n", "x".repeat(bytes - 9)], "letter.pdf", { type: "application/pdf" });

/** What an upload is refused with. */
const refusal = (asked: Promise<unknown>) => asked.then(() => "nothing", (error: { code: string }) => error.code);

it("sends a file and a message that carries it, which others can fetch", async () => {
  const { room, other } = await open();
  const progress: number[] = [];
  const attachment = await room.upload(pdf(50_000), { onProgress: (sent) => progress.push(sent) });
  expect(attachment).toMatchObject({ name: "letter.pdf", type: "application/pdf", size: 50_000 });
  expect(progress.at(-1)).toBe(50_000);
  const sending = room.send({ text: "", attachments: [attachment] });
  expect(room.getSnapshot().messages).toMatchObject([{ text: "", attachments: [attachment], delivery: { state: "pending" } }]);
  expect((await sending).attachments).toEqual([attachment]);
  await vi.waitFor(() => expect(other.getSnapshot().messages).toMatchObject([{ attachments: [attachment] }]));
  const [address, again] = await Promise.all([other.attachmentUrl(attachment.id), other.attachmentUrl(attachment.id)]);
  expect(again).toBe(address);
  expect(await (await fetch(address)).text()).toMatch(/^%PDF/);
  await room.delete(room.getSnapshot().messages[0]?.id ?? "");
  await vi.waitFor(async () => expect((await fetch(address)).status).toBe(404));
  expect(room.getSnapshot().messages[0]).not.toHaveProperty("attachments");
});

it("goes on with a file after its connection broke", async () => {
  const { http, room } = await open();
  let cuts = 0;
  let taken = 0;
  http.on("connection", (socket) => {
    socket.on("data", (chunk) => {
      taken += chunk.length;
      // Each upload is cut once in its middle, twice in all.
      if (cuts < 2 && taken > 1_000_000) {
        cuts += 1;
        taken = 0;
        socket.destroy();
      }
    });
  });
  const offsets: number[] = [];
  const attachment = await room.upload(pdf(6_000_000), { onProgress: (sent) => offsets.push(sent) });
  expect(attachment.size).toBe(6_000_000);
  expect(cuts).toBe(2);
  // It began again where it had come to, not at the beginning.
  expect(offsets.filter((offset) => offset > 0 && offset < 6_000_000).length).toBeGreaterThan(0);
  const text = await (await fetch(await room.attachmentUrl(attachment.id))).text();
  expect(text).toBe(await pdf(6_000_000).text());
});

it("ends when it is told to, and leaves nothing", async () => {
  const { room, count } = await open();
  const abort = new AbortController();
  const upload = room.upload(pdf(5_000_000), { signal: abort.signal, onProgress: () => abort.abort() });
  await expect(upload).rejects.toMatchObject({ name: "AbortError" });
  await vi.waitFor(async () => expect(await count()).toBe(0));
  expect(await refusal(room.upload(pdf(5_000_000), { signal: abort.signal }))).not.toBe("nothing");
});

it("refuses at once what the server would refuse, and tells what the server finds", async () => {
  const { room, count } = await open();
  expect(await refusal(room.upload(new Blob([])))).toBe("invalid");
  expect(await refusal(room.upload(pdf(10_485_761)))).toBe("too-large");
  expect(await refusal(room.upload(new File(["<script>"], "a.png", { type: "image/png" })))).toBe("refused");
  await vi.waitFor(async () => expect(await count()).toBe(0));
  const attachment = await room.upload(new Blob(["hello"]));
  expect(attachment.name).toBe("file.txt");
  expect(await refusal(room.send({ text: "", attachments: Array.from({ length: 11 }, () => attachment) }))).toBe("too-large");
  expect(await refusal(room.send({ text: "", attachments: [] }))).toBe("invalid");
  expect(await refusal(room.attachmentUrl("019b76da-abe8-7000-8000-000000000001"))).toBe("not-found");
});

it("takes files from what somebody pastes or drops", () => {
  const file = new File(["x"], "a.txt");
  const event = (value: object): DragEvent => Object.assign(Object.create(null), value);
  expect(filesFrom(event({ clipboardData: { files: [file] } }))).toEqual([file]);
  expect(filesFrom(event({ dataTransfer: { files: [file] } }))).toEqual([file]);
  expect(filesFrom(event({ dataTransfer: null }))).toEqual([]);
});
