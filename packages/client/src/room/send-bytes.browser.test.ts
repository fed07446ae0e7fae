import { expect, it } from "vitest";
import { sendBytes } from "./send-bytes.js";

const body = new Blob(["x".repeat(2_000_000)]);

it("says how far it is, and what the answer was", async () => {
  const progress: number[] = [];
  const sending = sendBytes({ url: new URL("/no-such-place", location.href).href, headers: {}, body, onProgress: (sent) => progress.push(sent), signal: undefined });
  await expect(sending).rejects.toMatchObject({ name: "ChatError" });
  expect(progress.at(-1)).toBe(body.size);
});

it("ends when it is told to", async () => {
  const abort = new AbortController();
  const sending = sendBytes({ url: new URL("/no-such-place", location.href).href, headers: {}, body, onProgress: () => abort.abort(), signal: abort.signal });
  await expect(sending).rejects.toMatchObject({ name: "AbortError" });
});
