import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it, onTestFinished } from "vitest";
import { s3Files } from "../src/s3.js";
import { memoryStore } from "../src/stores/memory-store.js";
import { diskFiles } from "../src/uploads/disk-files.js";
import { keptKey, sentKey } from "../src/uploads/file-key.js";
import type { FileStore } from "../src/uploads/file-store.js";
import { png } from "./pictures.js";
import { S3Server } from "./s3-server.js";
import { connect } from "./test-client.js";
import { startServer } from "./test-server.js";
import { put, uploadFile } from "./upload-client.js";

interface Subject {
  files: FileStore;
  /** The names of what is kept. */
  names(): Promise<string[]>;
}

const hourMs = 3_600_000;

async function onDisk(): Promise<Subject> {
  const folder = await mkdtemp(join(tmpdir(), "files-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const entries = async () => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return { files: diskFiles({ folder }), names: async () => (await entries()).map(({ parentPath, name }) => `${basename(dirname(parentPath))}/${name}`) };
}

async function startS3(): Promise<S3Server> {
  const server = await S3Server.start();
  onTestFinished(() => server.stop());
  return server;
}

async function inS3(): Promise<Subject> {
  const server = await startS3();
  return { files: s3Files(server.options), names: async () => [...server.objects.keys()].map((name) => name.replace(/^chat\//, "")) };
}

/** Sends as a client does, past the server or through it. */
async function send(files: FileStore, key: string, text: string): Promise<void> {
  if (files.receive !== undefined) return files.receive(key, 0, Readable.from([Buffer.from(text)]));
  const target = await files.sendTo?.(key, text.length, Date.now() + hourMs);
  const { status } = await fetch(target?.url ?? "", { method: "PUT", headers: target?.headers ?? {}, body: text });
  expect(status).toBe(200);
}

const text = async (files: FileStore, key: string, range?: { start: number; end: number }) => {
  const stream = await files.read(key, range);
  return stream && String(await buffer(stream));
};

/** What every `FileStore` promises. */
describe.each([
  ["diskFiles", onDisk],
  ["s3Files", inS3],
])("%s", (_name, open) => {
  it("keeps what is sent, as it was when it was sealed", async () => {
    const { files } = await open();
    const [key, sealed] = [sentKey(uuidv7()), keptKey()];
    expect(await files.size(key)).toBe(0);
    await send(files, key, "hello world");
    expect(await files.size(key)).toBe(11);
    await files.seal(key, sealed);
    await files.remove(key);
    expect(await files.size(key)).toBe(0);
    await send(files, key, "HELLO WORLD");
    expect(await text(files, sealed)).toBe("hello world");
    expect(await files.size(sealed)).toBe(11);
  });

  it("gives parts, and nothing for what is not there", async () => {
    const { files } = await open();
    const key = sentKey(uuidv7());
    await send(files, key, "0123456789");
    expect(await text(files, key, { start: 2, end: 5 })).toBe("234");
    expect(await text(files, key, { start: 9, end: 10 })).toBe("9");
    expect(await text(files, keptKey())).toBeUndefined();
  });

  it("replaces and removes, and removes what is not there", async () => {
    const { files, names } = await open();
    const [key, sealed] = [sentKey(uuidv7()), keptKey()];
    await send(files, key, "hello");
    await files.seal(key, sealed);
    await files.replace(sealed, Buffer.from("bye"));
    expect([await text(files, sealed), await text(files, key)]).toEqual(["bye", "hello"]);
    expect((await names()).toSorted()).toEqual([key, sealed].toSorted());
    for (const gone of [key, sealed, sealed]) await files.remove(gone);
    expect(await names()).toEqual([]);
  });

  it("refuses to seal what is not there, and keys that are not ours", async () => {
    const { files } = await open();
    await expect(files.seal(sentKey(uuidv7()), keptKey())).rejects.toMatchObject({ code: "unavailable" });
    for (const key of ["../../etc/passwd", "", "a/b", uuidv7(), `sent/../${uuidv7()}`]) await expect(files.size(key)).rejects.toMatchObject({ code: "internal" });
  });
});

describe("diskFiles", () => {
  it("goes on only where it is, and keeps what came before a body broke off", async () => {
    const { files } = await onDisk();
    const key = sentKey(uuidv7());
    const breaking = async function* () {
      yield Buffer.from("hello");
      throw new Error("gone");
    };
    await expect(files.receive?.(key, 0, breaking())).rejects.toThrow("gone");
    expect(await files.size(key)).toBe(5);
    await expect(files.receive?.(key, 0, breaking())).rejects.toMatchObject({ code: "conflict", details: { received: 5 } });
    await files.receive?.(key, 5, Readable.from([Buffer.from(" world")]));
    expect(await text(files, key)).toBe("hello world");
  });

  it("says that a place cannot be reached without saying where", async () => {
    const folder = await mkdtemp(join(tmpdir(), "files-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, "file"), "");
    const error: unknown = await diskFiles({ folder: join(folder, "file") }).receive?.(sentKey(uuidv7()), 0, Readable.from([])).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "unavailable", message: expect.not.stringContaining(folder) });
  });
});

describe("s3Files", () => {
  it("takes nothing longer than was announced, nothing else, and nothing late", async () => {
    const server = await startS3();
    const files = s3Files(server.options);
    const key = sentKey(uuidv7());
    const { url = "" } = (await files.sendTo?.(key, 5, Date.now() + hourMs)) ?? {};
    const status = async (address: string, body = "hello") => (await fetch(address, { method: "PUT", body })).status;
    expect(await status(url, "hello!")).toBe(403);
    expect(await status(url.replace(key, sentKey(uuidv7())))).toBe(403);
    expect(await status((await files.sendTo?.(key, 5, Date.now() - 10_000))?.url.replace(/X-Amz-Expires=\d+/, "X-Amz-Expires=900") ?? "")).toBe(403);
    expect((await fetch(url)).status).toBe(403);
    expect(server.objects.size).toBe(0);
    expect(await status(url)).toBe(200);
    await expect(s3Files({ ...server.options, secretAccessKey: "other" }).size(key)).rejects.toMatchObject({ code: "unavailable" });
  });

  it("is looked into as a disk is, whatever is sent afterwards", async () => {
    const s3 = await startS3();
    const server = await startServer({ store: memoryStore(), uploads: { files: s3Files(s3.options) } });
    const guest = await connect(server.origin);
    const roomId = "lobby";
    await guest.ask("room:join", { roomId });
    const picture = await png(40, 30);
    await expect(uploadFile(server.origin, guest, roomId, Buffer.from("<script>"), "a.png")).rejects.toMatchObject({ code: "refused" });
    expect(s3.objects.size).toBe(0);
    const upload = await guest.ask("upload:request", { roomId, name: "a.png", size: picture.length });
    expect(upload).toMatchObject({ isResumable: false, url: expect.stringMatching(/^http:.*X-Amz-Signature=/) });
    expect((await put(server.origin, upload, picture, { "Content-Type": "text/html" })).status).toBe(200);
    const { attachment } = await guest.ask("upload:finish", { roomId, uploadId: upload.uploadId });
    expect(attachment).toMatchObject({ type: "image/png", width: 40, height: 30 });
    // The address is still good, and leads nowhere that anybody is shown.
    await put(server.origin, upload, Buffer.from("<script>".padEnd(picture.length)), { "Content-Type": "text/html" });
    await guest.ask("message:send", { roomId, id: uuidv7(), text: "", attachments: [{ uploadId: attachment.id }] });
    const { files } = await guest.ask("upload:read", { roomId, ids: [attachment.id] });
    const response = await fetch(files[0]?.url ?? "");
    expect([response.status, response.headers.get("content-type"), response.headers.get("content-disposition")]).toEqual([200, "image/png", 'inline; filename="a.png"']);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(picture);
    expect((await guest.ask("upload:read", { roomId, ids: [attachment.id] })).files[0]?.url).toBe(files[0]?.url);
    expect(s3.refused).toEqual([]);
  });

  it("says what is missing", () => {
    const options = { bucket: "files", region: "auto", accessKeyId: "a", secretAccessKey: "b" };
    expect(() => s3Files({ ...options, bucket: "" })).toThrow(/`bucket` must be given/);
    expect(() => s3Files({ ...options, endpoint: "minio" })).toThrow(/`endpoint` must be like/);
  });
});
