import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ManualClock } from "./manual-clock.js";
import { memoryStore } from "../src/stores/memory-store.js";
import { diskFiles } from "../src/uploads/disk-files.js";
import type { UploadOptions } from "../src/uploads/upload-options.js";
import { photo, png } from "./pictures.js";
import { type TestClient, connect } from "./test-client.js";
import { type TestServer, startServer } from "./test-server.js";
import { fetchFile, put, sendFile, uploadFile } from "./upload-client.js";

const roomId = "lobby";

interface Place extends TestServer {
  folder: string;
  /** How many files are in the folder. */
  count(): Promise<number>;
  join(token: string): Promise<TestClient>;
}

async function open(uploads: Partial<UploadOptions> = {}, options: Parameters<typeof startServer>[0] = {}): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), "uploads-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const server = await startServer({
    authenticate: ({ token = "nobody" }) => ({ id: token, name: token, roles: token === "mona" ? ["moderator"] : ["member"] }),
    store: memoryStore(),
    uploads: { files: diskFiles({ folder }), ...uploads },
    ...options,
  });
  return {
    ...server,
    folder,
    count: async () => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length,
    join: async (token) => {
      const client = await connect(server.origin, { token });
      await client.ask("room:join", { roomId });
      return client;
    },
  };
}

/** What a command is refused with. */
const refusal = (asked: Promise<unknown>) => asked.then(() => "nothing", (error: { code: string }) => error.code);

describe("a file", () => {
  it("goes from one user to another, with what the server found in it", async () => {
    const { origin, join } = await open({ previews: true });
    const [ann, bob] = [await join("ann"), await join("bob")];
    expect(ann.ready.limits.uploads).toMatchObject({ fileBytes: 10_485_760, filesPerMessage: 10 });
    const picture = await png(40, 30);
    const attachment = await uploadFile(origin, ann, roomId, picture, "../holiday?.png");
    expect(attachment).toMatchObject({ name: "_holiday_.png", type: "image/png", size: picture.length, width: 40, height: 30 });
    expect(attachment.preview).toMatch(/^data:image\/webp;base64,.{20,}/);
    const id = uuidv7();
    const sent = await ann.ask("message:send", { roomId, id, text: "", attachments: [{ uploadId: attachment.id }] });
    expect(sent.event).toMatchObject({ type: "message.sent", text: "", attachments: [attachment] });
    await bob.hears("room:events", ({ events }) => events.some((event) => event["id"] === id));
    expect((await bob.ask("history:read", { roomId })).messages).toMatchObject([{ id, text: "", attachments: [attachment] }]);
    const response = await fetchFile(origin, bob, roomId, attachment.id);
    expect(Buffer.from(await (response?.arrayBuffer() ?? new ArrayBuffer()))).toEqual(picture);
    expect(Object.fromEntries(response?.headers ?? [])).toMatchObject({
      "content-type": "image/png",
      "content-disposition": 'inline; filename="_holiday_.png"',
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "cross-origin",
      "cache-control": expect.stringMatching(/^private, max-age=\d+, immutable$/),
      "accept-ranges": "bytes",
    });
  });

  it("is sent in one message at most, and again in the same one", async () => {
    const { origin, join } = await open();
    const ann = await join("ann");
    const { id: uploadId } = await uploadFile(origin, ann, roomId, await png());
    const send = (id: string, uploadIds = [uploadId]) => ann.ask("message:send", { roomId, id, text: "look", attachments: uploadIds.map((uploadId) => ({ uploadId })) });
    const id = uuidv7();
    const first = await send(id);
    expect(await send(id)).toEqual(first);
    expect(await refusal(send(uuidv7()))).toBe("forbidden");
    expect(await refusal(send(uuidv7(), [uploadId, uploadId]))).toBe("forbidden");
    // The same command with other files is another command.
    const { id: other } = await uploadFile(origin, ann, roomId, await png());
    expect(await refusal(send(id, [other]))).toBe("conflict");
  });

  it("is gone when its message is deleted, for who has its address too", async () => {
    const { origin, join, count } = await open();
    const [ann, mona] = [await join("ann"), await join("mona")];
    const attachment = await uploadFile(origin, ann, roomId, await png());
    const { id } = await ann.ask("message:send", { roomId, id: uuidv7(), text: "x", attachments: [{ uploadId: attachment.id }] }).then(({ event }) => ({ id: event?.id ?? "" }));
    const { files } = await mona.ask("upload:read", { roomId, ids: [attachment.id] });
    const address = new URL(files[0]?.url ?? "", `${origin}/chat/`);
    expect((await fetch(address)).status).toBe(200);
    await mona.ask("message:delete", { roomId, id: uuidv7(), messageId: id });
    await vi.waitFor(async () => expect(await count()).toBe(0));
    expect((await fetch(address)).status).toBe(404);
    expect((await ann.ask("upload:read", { roomId, ids: [attachment.id] })).files).toEqual([]);
    expect(JSON.stringify(await ann.ask("room:sync", { roomId, after: { epoch: (await ann.ask("history:read", { roomId })).epoch, seq: 0 } }))).not.toContain(attachment.id);
  });

  it("goes on where it broke off", async () => {
    const { origin, join } = await open();
    const ann = await join("ann");
    const picture = await png(400, 300);
    const upload = await ann.ask("upload:request", { roomId, name: "a.png", size: picture.length });
    const address = new URL(upload.url, `${origin}/chat/`);
    const abort = new AbortController();
    const slow = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(picture.subarray(0, 100));
      },
    });
    const options: RequestInit & { duplex: "half" } = { method: "PUT", body: slow, headers: { "Content-Length": String(picture.length) }, signal: abort.signal, duplex: "half" };
    const broken = fetch(address, options);
    broken.catch(() => undefined);
    const offset = async () => Number((await fetch(address, { method: "HEAD" })).headers.get("upload-offset"));
    await vi.waitFor(async () => expect(await offset()).toBe(100));
    expect(await refusal(ann.ask("upload:finish", { roomId, uploadId: upload.uploadId }))).toBe("conflict");
    abort.abort();
    const rest = () => put(origin, upload, picture.subarray(100), { "Content-Range": `bytes 100-${picture.length - 1}/${picture.length}` });
    await vi.waitFor(async () => expect((await rest()).status).toBe(204));
    expect(await offset()).toBe(picture.length);
    expect((await ann.ask("upload:finish", { roomId, uploadId: upload.uploadId })).attachment).toMatchObject({ width: 400 });
    expect((await put(origin, upload, picture)).status).toBe(409);
  });

  it("is given in parts, and not again to who has it", async () => {
    const { origin, join } = await open();
    const ann = await join("ann");
    const { id, size } = await uploadFile(origin, ann, roomId, Buffer.from("0123456789"), "digits");
    const ask = async (headers: Record<string, string>) => {
      const response = await fetchFile(origin, ann, roomId, id, headers);
      return [response?.status, response?.headers.get("content-range"), await response?.text()];
    };
    expect(await ask({ Range: "bytes=2-4" })).toEqual([206, "bytes 2-4/10", "234"]);
    expect(await ask({ Range: "bytes=-3" })).toEqual([206, "bytes 7-9/10", "789"]);
    expect((await ask({ Range: "bytes=10-" })).slice(0, 2)).toEqual([416, `bytes */${size}`]);
    expect(await ask({ Range: "bytes=0-1,4-5" })).toEqual([200, null, "0123456789"]);
    expect(await ask({ Range: "bytes=2-4", "If-Range": '"other"' })).toEqual([200, null, "0123456789"]);
    expect(await ask({ "If-None-Match": `"${id}"` })).toEqual([304, null, ""]);
  });

  it("loses where and with what it was taken, and stays upright", async () => {
    const { origin, join } = await open();
    const ann = await join("ann");
    const original = await photo(40, 30);
    expect(original.includes("SECRET-CAMERA")).toBe(true);
    const attachment = await uploadFile(origin, ann, roomId, Buffer.concat([original, Buffer.from("SECRET-TAIL")]), "photo.jpg");
    expect(attachment).toMatchObject({ width: 30, height: 40 });
    const kept = Buffer.from((await (await fetchFile(origin, ann, roomId, attachment.id))?.arrayBuffer()) ?? new ArrayBuffer());
    expect(kept.length).toBe(attachment.size);
    expect(kept.includes("SECRET")).toBe(false);
    const { default: sharp } = await import("sharp");
    expect(await sharp(kept).metadata()).toMatchObject({ width: 40, height: 30, orientation: 6, format: "jpeg" });
    expect(await sharp(kept).raw().toBuffer()).toEqual(await sharp(original).raw().toBuffer());
  });
});

describe("what a user may keep", () => {
  it("has an end, and is free again after a cancel", async () => {
    const { join } = await open({ userBytes: 100_000, fileBytes: 60_000 });
    const [ann, bob] = [await join("ann"), await join("bob")];
    const ask = (client: TestClient, size: number) => client.ask("upload:request", { roomId, name: "a", size });
    expect(await refusal(ask(ann, 60_001))).toBe("too-large");
    const { uploadId } = await ask(ann, 60_000);
    expect(await refusal(ask(ann, 60_000))).toBe("too-large");
    await ask(bob, 60_000);
    await ann.ask("upload:cancel", { roomId, uploadId });
    await ask(ann, 60_000);
    expect(await refusal(ann.ask("upload:cancel", { roomId, uploadId }))).toBe("not-found");
  });

  it("is asked for one after the other by requests that come at once", async () => {
    const { join } = await open({ userBytes: 8_192 });
    const ann = await join("ann");
    const codes = await Promise.all(Array.from({ length: 5 }, () => refusal(ann.ask("upload:request", { roomId, name: "a", size: 1 }))));
    expect(codes.filter((code) => code === "nothing")).toHaveLength(2);
  });
});

it("removes what was not sent, not used, or lost its message", { timeout: 90_000 }, async () => {
  const clock = new ManualClock();
  const { origin, join, count } = await open({}, { clock, random: () => 0, retention: { days: 3 } });
  const ann = await join("ann");
  const unfinished = await sendFile(origin, ann, roomId, await png());
  const unused = await uploadFile(origin, ann, roomId, await png());
  const used = await uploadFile(origin, ann, roomId, await png());
  await ann.ask("message:send", { roomId, id: uuidv7(), text: "x", attachments: [{ uploadId: used.id }] });
  expect(await count()).toBe(3);
  const startedAt = clock.now();
  const hours = () => (clock.now() - startedAt) / 3_600_000;
  /** Lets hours pass until so many files are left, in steps shorter than the store's deadline, or what a timer asked of it would be late by the same clock. */
  const until = (left: number) =>
    vi.waitFor(
      async () => {
        for (let passed = 0; passed < 3_600_000; passed += 5_000) {
          clock.advance(5_000);
          await new Promise(setImmediate);
        }
        expect(await count()).toBe(left);
      },
      { timeout: 60_000, interval: 20 },
    );
  await until(2);
  expect(hours()).toBeLessThan(20);
  expect(await refusal(ann.ask("upload:finish", { roomId, uploadId: unfinished.uploadId }))).not.toBe("nothing");
  await until(1);
  expect(hours()).toBeGreaterThan(23);
  expect((await ann.ask("upload:read", { roomId, ids: [unused.id, used.id] })).files.map(({ id }) => id)).toEqual([used.id]);
  await until(0);
  expect(hours()).toBeGreaterThan(71);
});

it("takes no files unless it is told where to", async () => {
  const server = await startServer({});
  const guest = await connect(server.origin);
  await guest.ask("room:join", { roomId });
  expect(guest.ready.limits.uploads).toBeUndefined();
  expect(await refusal(guest.ask("upload:request", { roomId, name: "a", size: 1 }))).toBe("forbidden");
  expect(await refusal(guest.ask("message:send", { roomId, id: uuidv7(), text: "x", attachments: [{ uploadId: uuidv7() }] }))).toBe("forbidden");
});

it("lets pages of other origins send only where they are welcome", async () => {
  const { origin, join } = await open({ publicUrl: "https://files.example.com/chat/" }, { allowedOrigins: ["https://shop.example"] });
  const ann = await join("ann");
  const body = await png();
  const upload = await ann.ask("upload:request", { roomId, name: "a.png", size: body.length });
  const address = new URL(upload.url, `${origin}/chat/`);
  const preflight = async (from: string) => {
    const { headers } = await fetch(address, { method: "OPTIONS", headers: { Origin: from, "Access-Control-Request-Method": "PUT" } });
    return [headers.get("access-control-allow-origin"), headers.get("access-control-allow-methods"), headers.get("access-control-allow-headers")];
  };
  expect(await preflight("https://shop.example")).toEqual(["https://shop.example", "GET, HEAD, PUT", "Content-Type, Content-Range"]);
  expect((await preflight("https://evil.example"))[0]).toBeNull();
  expect((await put(origin, upload, body, { Origin: "https://evil.example" })).status).toBe(403);
  expect((await put(origin, upload, body, { Origin: "https://shop.example" })).headers.get("access-control-expose-headers")).toContain("Upload-Offset");
  const { attachment } = await ann.ask("upload:finish", { roomId, uploadId: upload.uploadId });
  const { files } = await ann.ask("upload:read", { roomId, ids: [attachment.id] });
  expect(files[0]?.url).toMatch(/^https:\/\/files\.example\.com\/chat\/uploads\//);
});

it.each([
  [{}, /`uploads.files` must be a file store/],
  [{ files: Promise.resolve({}) }, /not a promise of one/],
  [{ files: diskFiles({ folder: "x" }), types: ["image/svg+xml"] }, /`uploads.types` must be a list of some of image\/png/],
  [{ files: diskFiles({ folder: "x" }), filesPerMessage: 11 }, /`uploads.filesPerMessage` must be a whole number from 1 to 10/],
  [{ files: diskFiles({ folder: "x" }), publicUrl: "/files" }, /`uploads.publicUrl` must be like/],
  [{ files: diskFiles({ folder: "x" }), maxBytes: 7 }, /there is no option `uploads.maxBytes`/],
])("says what is wrong with %j", async (uploads: object, sentence) => {
  await expect(async () => startServer({ uploads: Object.assign({ files: undefined }, uploads) as never })).rejects.toThrow(sentence);
});
