import * as fc from "fast-check";

/** A request as it goes over the network, each part of which may be wrong. */
export interface RawRequest {
  text: string;
  /** Whether it asks for a WebSocket. */
  isUpgrade: boolean;
}

const separators = ["\u001E", "\u001E\u001E", "\n", ""];
const packets = ["4", "40", '40{"protocol":[1]}', '42["m"]', "2", "3", "5", "6", "1", "0", "bAAAA", "b", "9", "x", "\u0000"];

const parameters = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom("EIO=4", "transport=polling", "transport=websocket") },
    { weight: 2, arbitrary: fc.constantFrom("EIO=3", "EIO=", "EIO=abc", "EIO=4&EIO=3", "transport=", "transport=webtransport", "transport=__proto__", "transport=constructor", "transport[]=polling") },
    { weight: 2, arbitrary: fc.constantFrom("sid=", "sid=__proto__", "sid=x", "sid[]=x", "sid=%00", "sid=%", `sid=${"x".repeat(2_000)}`, "j=0", "j=", "b64=1", "t=1", "token=x", "=", "&", "%ff=%fe") },
    { weight: 1, arbitrary: fc.string({ maxLength: 12 }).map(encodeURIComponent) },
  ),
  { maxLength: 6 },
);

const body = fc.array(fc.tuple(fc.constantFrom(...packets), fc.constantFrom(...separators)), { maxLength: 20 }).map((parts) => parts.flat().join(""));

const headers = fc.array(
  fc.constantFrom(
    "Origin: null",
    "Origin: https://evil.example",
    "Origin: ",
    "Cookie: sid=1",
    "Cookie: __proto__=1; =; ;;",
    "Sec-Fetch-Site: cross-site",
    "Sec-Fetch-Site: same-origin",
    "X-Forwarded-For: 1.2.3.4, , ::1, x",
    "X-Forwarded-Proto: https",
    "Content-Type: application/octet-stream",
    "Content-Type: application/x-www-form-urlencoded",
    "Content-Type: text/plain;charset=UTF-16",
    "Accept-Encoding: gzip, br",
    "Sec-WebSocket-Extensions: permessage-deflate",
    "Sec-WebSocket-Protocol: x, , y",
    "Sec-WebSocket-Version: 12",
    "Sec-WebSocket-Key: x",
    "If-None-Match: *",
    "Range: bytes=0-,-1",
  ),
  { maxLength: 4 },
);

const path = fc.oneof({ weight: 8, arbitrary: fc.constant("/chat/socket.io/") }, { weight: 2, arbitrary: fc.constantFrom("/chat/socket.io", "/chat/widget.js", "/chat/healthz", "/chat/../chat/socket.io/", "/chat//socket.io/", "/chat/%2e%2e/package.json", "/chat/socket.io/%00", "/chat/__proto__", "/chat/socket.io/socket.io.js") });

/** Requests that open, poll, post, upgrade, and none of these. */
export const requests: fc.Arbitrary<RawRequest> = fc.record({ path, parameters, headers, body, method: fc.constantFrom("GET", "GET", "POST", "POST", "OPTIONS", "PUT", "HEAD", "DELETE"), isUpgrade: fc.boolean() }).map(({ path, parameters, headers, body, method, isUpgrade }) => {
  const upgrade = isUpgrade ? ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="] : ["Connection: close"];
  const content = method === "GET" || method === "HEAD" ? "" : body;
  const lines = [`${method} ${path}?${parameters.join("&")} HTTP/1.1`, "Host: x", ...upgrade, ...headers, ...(content === "" ? [] : [`Content-Length: ${Buffer.byteLength(content)}`])];
  return { text: `${lines.join("\r\n")}\r\n\r\n${content}`, isUpgrade };
});
