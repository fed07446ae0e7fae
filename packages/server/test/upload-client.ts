import type { Attachment, CommandOutput } from "@chat-widget/protocol";
import type { TestClient } from "./test-client.js";

/** Sends a file as clients do, up to where it is to be looked at. */
export async function sendFile(origin: string, client: TestClient, roomId: string, body: Uint8Array, name = "file"): Promise<CommandOutput<"upload:request">> {
  const upload = await client.ask("upload:request", { roomId, name, size: body.length });
  const { status } = await put(origin, upload, body);
  if (status >= 300) throw new Error(`the file was not taken: ${status}`);
  return upload;
}

/** The whole way of a file, without the message. */
export async function uploadFile(origin: string, client: TestClient, roomId: string, body: Uint8Array, name = "file"): Promise<Attachment> {
  const { uploadId } = await sendFile(origin, client, roomId, body, name);
  return (await client.ask("upload:finish", { roomId, uploadId })).attachment;
}

export function put(origin: string, { url }: { url: string; headers?: object }, body: Uint8Array, more: Record<string, string> = {}): Promise<Response> {
  return fetch(new URL(url, `${origin}/chat/`), { method: "PUT", headers: more, body: new Uint8Array(body) });
}

/** Fetches a file of a room; undefined when there is no address for it. */
export async function fetchFile(origin: string, client: TestClient, roomId: string, id: string, headers: Record<string, string> = {}): Promise<Response | undefined> {
  const { files } = await client.ask("upload:read", { roomId, ids: [id] });
  const [file] = files;
  return file && fetch(new URL(file.url, `${origin}/chat/`), { headers });
}
