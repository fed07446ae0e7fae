import type { IncomingMessage } from "node:http";

/** Which pages may talk to the server: exact origins, or a function that decides. Only pages of the same origin when left out. */
export type AllowedOrigins = readonly string[] | ((origin: string, request: IncomingMessage) => boolean);

/** Whether the page a request comes from may talk to the server. */
export type OriginVerdict =
  /** `origin` is missing when the request names none. */
  { allowed: true; origin?: string } | { allowed: false; origin: string; reason: string };

/**
 * Decides by the request's own headers; to be asked for every request, also for WebSocket upgrades, which no browser
 * holds back. Never throws, except when a given function does.
 */
export function checkOrigin(request: IncomingMessage, allowed: AllowedOrigins | undefined): OriginVerdict {
  const { origin } = request.headers;
  if (origin === undefined) return checkWithoutOrigin(request, allowed);
  const url = parseOrigin(origin);
  if (url === undefined) return { allowed: false, origin, reason: "it is not the origin of a web page" };
  if (allowed === undefined) {
    if (isSameOrigin(url, request)) return { allowed: true, origin };
    return { allowed: false, origin, reason: "it is neither the server's own origin nor among `allowedOrigins`" };
  }
  return isListed(origin, request, allowed) ? { allowed: true, origin } : { allowed: false, origin, reason: unlisted };
}

const unlisted = "it is not among `allowedOrigins`";

function isListed(origin: string, request: IncomingMessage, allowed: AllowedOrigins): boolean {
  if (typeof allowed !== "function") return allowed.includes(origin);
  const verdict: unknown = allowed(origin, request);
  if (verdict instanceof Promise) {
    verdict.catch(() => undefined);
    throw new Error("`allowedOrigins` gave a promise; it must answer true or false at once");
  }
  return verdict === true;
}

/** The URL of a serialised origin, of a page or of an app's own scheme (`capacitor://localhost`); `undefined` for anything else, `null` included. */
export function parseOrigin(origin: string): URL | undefined {
  if (!URL.canParse(origin)) return undefined;
  const url = new URL(origin);
  if (isOfWeb(url)) return url.origin === origin ? url : undefined;
  return /^[a-z][a-z\d+.-]*:\/\/[a-z\d.-]+$/.test(origin) ? url : undefined;
}

function isOfWeb({ protocol }: URL): boolean {
  return protocol === "http:" || protocol === "https:";
}

function isSameOrigin(origin: URL, request: IncomingMessage): boolean {
  const { host } = request.headers;
  if (!isOfWeb(origin) || host === undefined || !/^[\w.:[\]-]+$/.test(host)) return false;
  // Behind a proxy the server may not see that the page came by https, so only the other direction can be told.
  if (isSecure(request) && origin.protocol !== "https:") return false;
  const own = `${origin.protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === origin.host;
}

/**
 * Browsers leave `Origin` out of same-origin GET requests, and programs never send it. With cookies that is only
 * believed when the browser says that no other site asks; it says so on secure connections only.
 */
function checkWithoutOrigin(request: IncomingMessage, allowed: AllowedOrigins | undefined): OriginVerdict {
  const { host = "", cookie, "sec-fetch-site": site } = request.headers;
  const refused = (origin: string, reason: string): OriginVerdict => ({ allowed: false, origin, reason });
  if (site === undefined) {
    if (cookie === undefined || !isSecure(request)) return { allowed: true };
    return refused("(none)", "it carries cookies and does not say which page it comes from");
  }
  if (site === "none") return { allowed: true };
  if (site !== "same-origin") return refused("(none)", "another site asks and does not say which");
  // A page of the server itself, which a list may leave out: better to say so now than at the first WebSocket.
  const own = [`https://${host}`, `http://${host}`];
  const isOwnListed = allowed === undefined || own.some((origin) => isListed(origin, request, allowed));
  return isOwnListed ? { allowed: true } : refused(own[isSecure(request) ? 0 : 1] ?? host, unlisted);
}

/** Whether the request is known to have come by TLS. The header of a proxy is only ever used to be stricter. */
function isSecure(request: IncomingMessage): boolean {
  return "encrypted" in request.socket || request.headers["x-forwarded-proto"] === "https";
}
