import { ChatError, chatErrorFrom } from "@chat-widget/protocol";

/** Bytes on their way to an address. */
export interface Sending {
  url: string;
  headers: Record<string, string>;
  body: Blob;
  /** Called with how many bytes of the body are sent. */
  onProgress(sent: number): void;
  signal: AbortSignal | undefined;
}

/** Sends bytes with `PUT`, and nothing that says who sends. @throws {ChatError} the server's, or `unavailable` */
export function sendBytes(sending: Sending): Promise<void> {
  // Only this way every browser says how far it is.
  return typeof XMLHttpRequest === "undefined" ? sendByFetch(sending) : sendByXhr(sending);
}

/** How many bytes of a resumable upload have arrived. @throws {ChatError} */
export async function askOffset(url: string, signal: AbortSignal | undefined): Promise<number> {
  const response = await reach(fetch(url, { method: "HEAD", credentials: "omit", signal: signal ?? null }), signal);
  const offset = response.headers.get("upload-offset");
  if (response.ok && offset !== null) return Number(offset);
  throw refusalOf(response.status, "");
}

async function sendByFetch({ url, headers, body, onProgress, signal }: Sending): Promise<void> {
  const response = await reach(fetch(url, { method: "PUT", headers, body, credentials: "omit", signal: signal ?? null }), signal);
  if (!response.ok) throw refusalOf(response.status, await response.text());
  onProgress(body.size);
}

function sendByXhr({ url, headers, body, onProgress, signal }: Sending): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", ({ loaded }) => onProgress(loaded));
    request.addEventListener("load", () => (request.status >= 200 && request.status < 300 ? resolve() : reject(refusalOf(request.status, request.responseText))));
    request.addEventListener("error", () => reject(unreached()));
    request.addEventListener("abort", () => reject(signal?.reason ?? unreached()));
    request.addEventListener("loadend", () => signal?.removeEventListener("abort", abort));
    signal?.addEventListener("abort", abort);
    request.send(body);
  });
}

/** A failure of the network in the form of every other. */
async function reach(asked: Promise<Response>, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await asked;
  } catch (cause) {
    signal?.throwIfAborted();
    throw unreached(cause);
  }
}

function unreached(cause?: unknown): ChatError {
  return new ChatError("unavailable", "unable to send the file; the place for it cannot be reached", { cause });
}

/** What the place for files answers, in our form; one that is not ours answers in its own. */
function refusalOf(status: number, text: string): ChatError {
  const error = errorIn(text);
  // Another attempt still holds the file, or got further than was known here: asked again, it says how far.
  if (status === 409) return new ChatError("unavailable", "unable to send the file; it is being sent already");
  if (error !== undefined) return error;
  if (status === 404 || status === 403) return new ChatError("not-found", "unable to send the file; its address is no longer good");
  if (status === 413) return new ChatError("too-large", "unable to send the file; the place for it takes no file of this size");
  return new ChatError("unavailable", `unable to send the file; the place for it answers ${status}`);
}

function errorIn(text: string): ChatError | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null && "error" in body ? chatErrorFrom(body.error) : undefined;
  } catch {
    return undefined;
  }
}
