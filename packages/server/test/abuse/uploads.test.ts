import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { diskFiles } from "../../src/uploads/disk-files.js";
import type { FileStore } from "../../src/uploads/file-store.js";
import { hugePng, photo, png, webp } from "../pictures.js";
import { type TestClient, connect } from "../test-client.js";
import { fetchFile, put, sendFile, uploadFile } from "../upload-client.js";
import { type Target, underOracle } from "./oracle.js";
import { ask } from "./request.js";

const roomId = "lobby";

interface Scene extends Target {
  join(token: string, room?: string): Promise<TestClient>;
  /** How many files there are. */
  count(): Promise<number>;
}

/** Attacks a server that takes files; everybody may be in `lobby`, and only Ann in `ann's`. */
async function attacked(attack: (scene: Scene) => Promise<void>, wrap: (files: FileStore) => FileStore = (files) => files, types?: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "uploads-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await underOracle(
    {
      authenticate: ({ token = "nobody" }) => ({ id: token, name: token }),
      authorize: ({ user, roomId }) => (roomId === "ann's" ? user.id === "ann" : undefined),
      uploads: { files: wrap(diskFiles({ folder })), ...(types && { types }) },
    },
    (target) =>
      attack({
        ...target,
        count: async () => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length,
        join: async (token, room = roomId) => {
          const client = await connect(target.origin, { token });
          await client.ask("room:join", { roomId: room });
          return client;
        },
      }),
  );
}

const codeOf = (asked: Promise<unknown>) => asked.then(() => "nothing", (error: { code: string }) => error.code);
const carry = (client: TestClient, uploadId: string, room = roomId) => client.ask("message:send", { roomId: room, id: uuidv7(), text: "x", attachments: [{ uploadId }] });
const script = "<script>window.__xss = 1</script>";
const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="window.__xss = 1">${script}</svg>`;
/** A picture to one who looks at the beginning, a program to one who runs it. */
const gifScript = Buffer.concat([Buffer.from("GIF89a/*\x01\0\0\0\0", "latin1"), Buffer.from("*/=1;window.__xss=1;")]);

describe("E. Uploads", () => {
  it("41. Attachment IDOR: nobody sends or reads what is somebody else's, and what may not be read looks like what is not there", async () => {
    await attacked(async ({ origin, port, join }) => {
      const [ann, eve] = [await join("ann"), await join("eve")];
      await ann.ask("room:join", { roomId: "ann's" });
      const mine = await uploadFile(origin, ann, roomId, await png());
      const secret = await uploadFile(origin, ann, "ann's", await png());
      await carry(ann, secret.id, "ann's");
      const unfinished = await sendFile(origin, ann, roomId, await png());
      // In a message: of another user, of another room, unfinished, none.
      expect(await codeOf(carry(eve, mine.id))).toBe("forbidden");
      expect(await codeOf(carry(ann, secret.id))).toBe("forbidden");
      expect(await codeOf(carry(ann, unfinished.uploadId))).toBe("forbidden");
      expect(await codeOf(carry(ann, uuidv7()))).toBe("forbidden");
      for (const name of ["upload:finish", "upload:cancel"] as const) {
        expect(await codeOf(eve.ask(name, { roomId, uploadId: unfinished.uploadId }))).toBe("not-found");
        expect(await codeOf(eve.ask(name, { roomId, uploadId: uuidv7() }))).toBe("not-found");
      }
      // Addresses: for what is not sent yet only its sender gets one; for another room nobody does.
      const read = async (client: TestClient, id: string) => (await client.ask("upload:read", { roomId, ids: [id] })).files.length;
      expect([await read(ann, mine.id), await read(eve, mine.id), await read(ann, secret.id), await read(eve, secret.id), await read(eve, uuidv7())]).toEqual([1, 0, 0, 0, 0]);
      expect(await codeOf(eve.ask("upload:read", { roomId: "ann's", ids: [secret.id] }))).toBe("forbidden");
      // By HTTP: every wrong address gets the same answer.
      const { files } = await ann.ask("upload:read", { roomId: "ann's", ids: [secret.id] });
      const address = `/chat/${files[0]?.url}`;
      expect((await ask(port, address)).status).toBe(200);
      const until = /until=(\d+)/.exec(address)?.[1] ?? "";
      const wrong = [
        address.replace(/key=.*/, ""),
        address.replace(/key=.*/, "key="),
        address.replace(/key=.{5}/, "key=AAAAA"),
        `${address}=`,
        address.replace(until, String(Number(until) + 1)),
        address.replace(until, `0${until}`),
        address.replace(secret.id, mine.id),
        address.replace(secret.id, uuidv7()),
        address.replace("key=", "ticket="),
        `/chat/${unfinished.url.replace("ticket=", "key=")}`,
        `/chat/${unfinished.url.replace(unfinished.uploadId, mine.id)}`,
      ];
      const answers = await Promise.all(wrong.map((path) => ask(port, path)));
      expect(new Set(answers.map(({ status, body }) => `${status} ${body}`)).size).toBe(1);
      expect(answers[0]?.status).toBe(404);
      // A ticket is good for its own upload alone, and the address of a file is none.
      const body = await png();
      expect((await put(origin, { url: unfinished.url.replace(unfinished.uploadId, mine.id), headers: {} }, body)).status).toBe(404);
      expect((await put(origin, { url: files[0]?.url ?? "", headers: {} }, body)).status).toBe(404);
    });
  });

  it("71. Active uploads: what a page could run is refused whatever it is called, and nothing that is taken can run", async () => {
    await attacked(async ({ origin, join, count }) => {
      const ann = await join("ann");
      const refused: [string, string | Buffer][] = [
        ["innocent.png", `<!doctype html>${script}`],
        ["innocent.txt", `\uFEFF \n<html>${script}`],
        ["picture.svg", svg],
        ["picture.png", svg],
        ["picture.svg", `<?xml version="1.0"?>${svg}`],
        ["innocent.jpg", `<?php ?>${script}`],
        ["program.exe", Buffer.from("4d5a900003000000", "hex")],
        ["page.png", Buffer.from(`${script}\0`)],
        ["wide.html", Buffer.from(`\uFEFF${svg}`, "utf16le")],
        ["archive.zip", Buffer.from("504b0506000000000000000000000000000000000000", "hex")],
      ];
      for (const [name, content] of refused) expect([name, await codeOf(uploadFile(origin, ann, roomId, Buffer.from(content), name))]).toEqual([name, "refused"]);
      await vi.waitFor(async () => expect(await count()).toBe(0));
      // What is taken by its beginning is given as what it is taken for, and is no program then.
      const safe = { "x-content-type-options": "nosniff", "content-security-policy": "sandbox; default-src 'none'", "cross-origin-resource-policy": "cross-origin" };
      const served = async (name: string, content: Buffer) => {
        const attachment = await uploadFile(origin, ann, roomId, content, name);
        const response = await fetchFile(origin, ann, roomId, attachment.id);
        const headers = Object.fromEntries(response?.headers ?? []);
        expect(headers).toMatchObject(safe);
        return [attachment.name, headers["content-type"], headers["content-disposition"]?.split(";", 1)[0]];
      };
      expect(await served("run.js", gifScript)).toEqual(["run.js.gif", "image/gif", "inline"]);
      expect(await served("letter.html", Buffer.from("alert(1)"))).toEqual(["letter.html.txt", "text/plain; charset=utf-8", "attachment"]);
      expect(await served("letter.png", Buffer.from("%PDF-1.7\n/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"))).toEqual(["letter.png.pdf", "application/pdf", "attachment"]);
      // What comes behind a picture goes.
      const polyglot = await uploadFile(origin, ann, roomId, Buffer.concat([await png(), Buffer.from(script)]), "a.png");
      expect(await (await fetchFile(origin, ann, roomId, polyglot.id))?.text()).not.toContain("script");
      const named = await uploadFile(origin, ann, roomId, await png(), 'a"; x\u202Egnp.\r\nSet-Cookie: a=b.png');
      const { headers } = (await fetchFile(origin, ann, roomId, named.id)) ?? {};
      expect(headers?.get("set-cookie")).toBeNull();
      expect(named.name).not.toMatch(/["\p{C}:]/u);
    });
  });

  it("73. Image and file bombs: pixels are counted before anything is decoded, broken pictures refused, and what a camera wrote is gone", async () => {
    await attacked(async ({ origin, join, count }) => {
      const ann = await join("ann");
      expect(await codeOf(uploadFile(origin, ann, roomId, hugePng(30_000)))).toBe("too-large");
      expect(await codeOf(uploadFile(origin, ann, roomId, hugePng(0)))).toBe("refused");
      const whole = await photo(400, 300);
      const broken = [(await png()).subarray(0, 30), whole.subarray(0, whole.length - 300), (await webp()).subarray(0, 40), Buffer.from("89504e470d0a1a0a", "hex"), Buffer.from("ffd8ffe1ffff", "hex")];
      for (const content of broken) expect(await codeOf(uploadFile(origin, ann, roomId, content))).toBe("refused");
      await vi.waitFor(async () => expect(await count()).toBe(0));
      for (const content of [whole, await webp()]) {
        expect(content.includes("SECRET")).toBe(true);
        const { id } = await uploadFile(origin, ann, roomId, content);
        expect(await (await fetchFile(origin, ann, roomId, id))?.text()).not.toContain("SECRET");
      }
    });
  });

  it("9. Oversize, lies and silence: no more than was announced is taken, and who stops half-way leaves nothing in the way", async () => {
    await attacked(async ({ origin, port, join }) => {
      const ann = await join("ann");
      const upload = await ann.ask("upload:request", { roomId, name: "a", size: 10 });
      const status = async (body: string, headers: Record<string, string> = {}) => (await put(origin, upload, Buffer.from(body), headers)).status;
      expect(await status("x".repeat(11))).toBe(413);
      expect(await status("x".repeat(9))).toBe(413);
      expect(await status("12345", { "Content-Range": "bytes 0-4/10" })).toBe(413);
      expect(await status("67890", { "Content-Range": "bytes 5-9/10" })).toBe(409);
      expect(await status("67890", { "Content-Range": "bytes 5-9/11" })).toBe(416);
      expect(await status("67890", { "Content-Range": "bytes -5" })).toBe(416);
      expect((await ask(port, `/chat/${upload.url}`, { method: "PUT", headers: ["Transfer-Encoding", "chunked"] })).status).toBe(411);
      expect((await ask(port, `/chat/${upload.url}`, { method: "POST", body: "1234567890" })).status).toBe(405);
      expect((await ask(port, `/chat/${upload.url}`, { method: "PUT", headers: ["Origin", "https://evil.example", "Content-Length", "10"], body: "1234567890" })).status).toBe(403);
      expect(await codeOf(ann.ask("upload:request", { roomId, name: "a", size: 10_485_761 }))).toBe("too-large");
      expect(await status("1234567890")).toBe(204);
      expect((await ann.ask("upload:finish", { roomId, uploadId: upload.uploadId })).attachment.size).toBe(10);
    });
  });

  it("64. A full disk: a typed error, the connection survives, and the same can be asked again", async () => {
    let isFull = true;
    const full = Object.assign(new Error("ENOSPC: no space left on /secret/folder"), { code: "ENOSPC" });
    await attacked(
      async ({ origin, join }) => {
        const ann = await join("ann");
        const body = await png();
        const upload = await ann.ask("upload:request", { roomId, name: "a", size: body.length });
        const answer = await put(origin, upload, body);
        const text = await answer.text();
        expect([answer.status, JSON.parse(text)]).toMatchObject([507, { error: { code: "unavailable", retry: "same" } }]);
        expect(text).not.toContain("secret");
        isFull = false;
        expect((await put(origin, upload, body)).status).toBe(204);
        expect((await ann.ask("upload:finish", { roomId, uploadId: upload.uploadId })).attachment.type).toBe("image/png");
      },
      (files) => ({
        ...bound(files),
        receive: async (key, offset, body) => {
          if (isFull) throw new (await import("@chat-widget/protocol")).ChatError("unavailable", "unable to keep the file; there is no room for it", { cause: full });
          await files.receive?.(key, offset, body);
        },
      }),
    );
  });
});

/** The methods of a store as functions of their own. */
function bound(files: FileStore): FileStore {
  return {
    size: (key) => files.size(key),
    seal: (key, sealed) => files.seal(key, sealed),
    read: (key, range) => files.read(key, range),
    replace: (key, bytes) => files.replace(key, bytes),
    remove: (key) => files.remove(key),
  };
}
