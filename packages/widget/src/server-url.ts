import { ChatError } from "@chat-widget/protocol";

let mountedAt = "/chat";

/** Remembers that the chat is mounted where a script of the server's came from; the scripts of other builds say nothing. */
export function rememberServerOf(scriptUrl: string): void {
  const { pathname } = new URL(scriptUrl);
  if (/\/(?:widget|loader)\.js$/u.test(pathname)) mountedAt = new URL(".", scriptUrl).href.replace(/\/$/u, "");
}

/** Longer is no address but an attempt. */
const maxLength = 2_048;

/**
 * The absolute address of the chat server. Without an attribute it is where the script came from, else `/chat`.
 * @throws {ChatError} invalid
 */
export function serverUrl(attribute: string | null | undefined, baseUrl: string): string {
  const given = attribute ?? mountedAt;
  const refuse = (reason: string) => new ChatError("invalid", `unable to connect; the attribute server=${JSON.stringify(given.slice(0, 100))} ${reason}`);
  if (given.length > maxLength || !URL.canParse(given, baseUrl)) throw refuse('is not a URL; give where the chat is mounted, like "/chat"');
  const { protocol, hostname, href } = new URL(given, baseUrl);
  if (!/^https?:$/u.test(protocol)) throw refuse("is not an http or https URL");
  const isLocal = /^(?:localhost|127\.0\.0\.1|\[::1\])$/u.test(hostname);
  if (protocol === "http:" && baseUrl.startsWith("https:") && !isLocal) throw refuse("is not secure, and the page is; use https");
  return href;
}
