import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { describe, expect, it, vi } from "vitest";
import { createChatServer } from "../../src/chat-server.js";
import type { AuthenticatedUser } from "../../src/session/authenticate.js";
import { RawSocket } from "../raw-socket.js";
import { LogBook } from "../test-server.js";
import { Wire } from "../wire.js";
import { underOracle } from "./oracle.js";
import { Poller, ask, open } from "./request.js";

const transports = ["polling", "websocket"] as const;
const cookie = "sid=a-cookie-that-is-secret";

/** Some names of web pages that look like `https://good.example` to a careless check. */
const lookAlikes = [
  "https://good.example.evil.com",
  "https://evilgood.example",
  "http://good.example",
  "https://good.example:444",
  "https://good.example.",
  "https://good.example/",
  "HTTPS://GOOD.EXAMPLE",
  "null",
  "file://",
  "",
  "https://user@good.example",
  "https://xn--god-9cd.example",
  "https://go\u00F6d.example",
];

describe("A. Transport and handshake", () => {
  it("1. CSWSH: refuses a page of another origin that brings the visitor's cookie, and asks nobody who that is", async () => {
    const authenticate = vi.fn(() => ({ id: "ann", name: "Ann" }));
    await underOracle({ authenticate, allowedOrigins: ["https://good.example"] }, async ({ port, secrets }) => {
      secrets.push(cookie);
      authenticate.mockClear();
      for (const transport of transports) {
        expect((await open(port, transport, ["Origin", "https://evil.example", "Cookie", cookie])).status).toBe(403);
      }
      expect(authenticate).not.toHaveBeenCalled();
    });
  });

  it("2. Origin look-alikes: takes the exact origin and nothing that looks like it", async () => {
    await underOracle({ allowedOrigins: ["https://good.example"] }, async ({ port }) => {
      for (const transport of transports) {
        for (const origin of lookAlikes) expect([origin, (await open(port, transport, ["Origin", origin])).status]).toEqual([origin, 403]);
        expect((await open(port, transport, ["Origin", "https://evil.example", "Origin", "https://good.example"])).status).toBe(403);
        expect((await open(port, transport, ["Origin", "https://good.example", "Origin", "https://good.example"])).status).toBe(403);
      }
      expect((await open(port, "websocket", ["Origin", "https://good.example"])).status).toBe(101);
    });
  });

  it("3. JSONP: answers no script and no form, whatever `j` is", async () => {
    await underOracle({}, async ({ port }) => {
      for (const j of ["0", "1", "", "x", "__proto__"]) {
        expect((await open(port, "polling", ["Cookie", cookie], `&j=${j}`)).status).toBe(403);
        const form = { method: "POST", headers: ["Content-Type", "application/x-www-form-urlencoded"], body: "d=40" };
        expect((await ask(port, `/chat/socket.io/?EIO=4&transport=polling&j=${j}`, form)).status).toBe(403);
      }
    });
  });

  it("4. Missing Origin: believes a request with cookies only when the browser says no other site asks", async () => {
    await underOracle({}, async ({ port, origin }) => {
      for (const transport of transports) {
        for (const site of ["cross-site", "same-site"]) {
          expect((await open(port, transport, ["Cookie", cookie, "Sec-Fetch-Site", site])).status).toBe(403);
        }
        expect((await open(port, transport, ["Cookie", cookie, "X-Forwarded-Proto", "https"])).status).toBe(403);
      }
      expect((await open(port, "websocket", ["Cookie", cookie, "Sec-Fetch-Site", "same-origin"])).status).toBe(101);
      expect((await open(port, "websocket", [])).status).toBe(101);
      expect((await open(port, "websocket", ["Origin", origin, "Cookie", cookie])).status).toBe(101);
    });
  });

  it("5. Startup misconfiguration: does not start with what is dangerous, and says why", () => {
    const start = (options: object) => () => createChatServer(createServer(), { guests: true, logger: new LogBook(), ...options });
    expect(start({ allowedOrigins: ["*"] })).toThrow("there are no wildcards");
    expect(start({ allowedOrigins: "*" })).toThrow("`allowedOrigins` must be a list");
    expect(start({ allowEIO3: true })).toThrow("there is no option `allowEIO3`");
    expect(start({ cors: { origin: "*" } })).toThrow("there is no option `cors`");
    expect(start({ guests: false })).toThrow("nobody could connect");
    vi.stubEnv("NODE_ENV", "production");
    expect(() => createChatServer(createServer(), { logger: new LogBook() })).toThrow("in production this is never assumed");
    vi.unstubAllEnvs();
  });

  it("9. Oversize: refuses what is larger than the limit, however it says how large it is", async () => {
    await underOracle({}, async ({ port }) => {
      const wire = await Wire.open(port);
      wire.send("4".repeat(65_537));
      await wire.ends();
      const large = await Poller.open(port);
      expect((await large.post("4".repeat(65_537))).status).toBe(413);
      const chunked = await Poller.open(port);
      expect((await chunked.post("4".repeat(1_000_000), ["Transfer-Encoding", "chunked"]).catch(() => ({ status: 413 }))).status).toBe(413);
      const boasting = await Poller.open(port);
      await boasting.drip("4", ["Content-Length", "9000000000"]);
      const lying = await Poller.open(port);
      await lying.post("40".repeat(1_000), ["Content-Length", "2"]).catch(() => undefined);
    });
  });

  it("10. Packet bomb: hands no more of one request to handlers than a connection may send", async () => {
    const authorize = vi.fn(() => true);
    await underOracle({ authorize, rates: { packets: { burst: 100, perSecond: 1 } } }, async ({ port }) => {
      const poller = await Poller.open(port);
      await poller.post('40{"protocol":[1]}');
      await vi.waitFor(async () => expect((await poller.poll()).body).toContain("session:ready"));
      authorize.mockClear();
      await poller.post(Array.from({ length: 7_000 }, () => '42["m"]').join("\u001E")).catch(() => undefined);
      await vi.waitFor(async () => expect((await poller.poll()).status).toBe(400));
      expect(authorize).not.toHaveBeenCalled();
    });
  });

  it("11. Slow headers, slow body, slow read: two hundred of them hold up nobody", async () => {
    await underOracle({}, async ({ port, unharmed }) => {
      for (let n = 0; n < 100; n++) new RawSocket(port).socket.write("GET /chat/socket.io/?EIO=4 HTTP/1.1\r\nHost: x\r\nX-Slow: ");
      for (let n = 0; n < 50; n++) {
        const slow = new RawSocket(port).socket;
        slow.write("POST /chat/socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n4");
      }
      for (let n = 0; n < 50; n++) {
        const reader = new RawSocket(port);
        await reader.join("lobby");
        reader.socket.pause();
      }
      await unharmed();
    });
  });

  it("12. Silent client: closes a connection that never says who it is", { timeout: 20_000 }, async () => {
    await underOracle({}, async ({ port }) => {
      const wire = await Wire.open(port, "");
      await vi.waitFor(() => expect(wire.isOpen).toBe(false), { timeout: 12_000, interval: 100 });
    });
  });

  it("13. Connection caps: refuses one more of an address than it may have, and has room again when one is gone", async () => {
    await underOracle({ perAddress: { proxies: 1, connections: 3, connect: { burst: 10_000, perSecond: 10_000 } } }, async ({ port }) => {
      const from = ["X-Forwarded-For", "203.0.113.9"];
      for (let round = 0; round < 100; round++) {
        const pollers = [];
        for (let n = 0; n < 3; n++) pollers.push(await Poller.open(port, from));
        const refused = await open(port, "polling", from);
        expect(refused).toMatchObject({ status: 429, headers: { "retry-after": "10" } });
        expect(JSON.parse(refused.body)).toMatchObject({ error: { code: "rate-limited", retry: "same" } });
        expect((await open(port, "websocket", from)).status).toBe(429);
        expect((await open(port, "websocket", ["X-Forwarded-For", "203.0.113.10"])).status).toBe(101);
        for (const poller of pollers) expect((await poller.post("1")).status).toBe(200);
      }
    });
  });

  it("13. Connection caps: makes up no more guests for one address than it may", async () => {
    const perAddress = { proxies: 1, connect: { burst: 5, perSecond: 0.01 } };
    await underOracle({ perAddress }, async ({ port }) => {
      const statuses: number[] = [];
      for (let n = 0; n < 20; n++) statuses.push((await open(port, "websocket", ["X-Forwarded-For", "203.0.113.9"])).status);
      expect(statuses.filter((status) => status === 101)).toHaveLength(5);
      expect(statuses.filter((status) => status === 429)).toHaveLength(15);
    });
  });

  it("14. IP spoofing: takes no address from whoever asks", async () => {
    for (const [proxies, name] of [[0, (n: number) => `198.51.100.${n}`], [1, (n: number) => `198.51.100.${n}, 203.0.113.9`]] as const) {
      // The canary has asked from the same address when there is no proxy.
      await underOracle({ perAddress: { proxies, connect: { burst: 3, perSecond: 0.01 } } }, async ({ port }) => {
        const statuses: number[] = [];
        for (let n = 0; n < 10; n++) {
          const headers = ["X-Forwarded-For", name(n), "X-Real-IP", `198.51.100.${n}`, "Forwarded", `for=198.51.100.${n}`];
          statuses.push((await open(port, "websocket", headers)).status);
        }
        expect(statuses.filter((status) => status === 101)).toHaveLength(proxies === 0 ? 2 : 3);
      });
    }
  });

  it("15. CONNECT flood: asks the application once and closes the connection", async () => {
    let finish: (user: AuthenticatedUser | undefined) => void = () => undefined;
    const slow = () => new Promise<AuthenticatedUser | undefined>((resolve) => (finish = resolve));
    const authenticate = vi.fn<() => AuthenticatedUser | undefined | Promise<AuthenticatedUser | undefined>>(() => undefined);
    await underOracle({ authenticate, guests: true }, async ({ port }) => {
      authenticate.mockReset().mockImplementation(slow);
      const wire = await Wire.open(port, "");
      for (let n = 0; n < 1_000; n++) wire.send('40{"protocol":[1],"token":"x"}');
      await wire.ends();
      expect(authenticate).toHaveBeenCalledTimes(1);
      finish(undefined);
    });
  });

  it.each(["3", "6", "5", "2", "1"])("17. Control-packet flood: closes a connection that sends ten thousand of %s", async (packet) => {
    await underOracle({}, async ({ port }) => {
      const wire = await Wire.open(port);
      for (let n = 0; n < 10_000; n++) wire.send(packet);
      await wire.ends();
    });
  });

  /** The bytes of a frame; masked with zeros unless told otherwise. */
  const frame = (first: number, payload: Uint8Array, isMasked = true): Buffer => {
    const length = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 255];
    length[0] = (length[0] ?? 0) | (isMasked ? 0x80 : 0);
    return Buffer.concat([Buffer.from([first, ...length]), ...(isMasked ? [Buffer.alloc(4)] : []), payload]);
  };

  it.each<[string, Buffer, number]>([
    ["that is not masked", frame(0x81, Buffer.from("3"), false), 1_002],
    ["with RSV1, as compressed ones have", frame(0xc1, Buffer.from("3")), 1_002],
    ["with RSV2", frame(0xa1, Buffer.from("3")), 1_002],
    ["with RSV3", frame(0x91, Buffer.from("3")), 1_002],
    ["of kind 3", frame(0x83, Buffer.from("3")), 1_002],
    ["of kind 11", frame(0x8b, Buffer.from("3")), 1_002],
    ["that is a ping of 126 bytes", frame(0x89, Buffer.alloc(126)), 1_002],
    ["that is a ping in parts", frame(0x09, Buffer.from("3")), 1_002],
    ["that goes on with nothing", frame(0x80, Buffer.from("3")), 1_002],
    ["that is no UTF-8", frame(0x81, Buffer.from([0xff, 0xfe])), 1_007],
    ["that closes with code 999", frame(0x88, Buffer.from([999 >> 8, 999 & 255])), 1_002],
    ["that closes with code 1005", frame(0x88, Buffer.from([1_005 >> 8, 1_005 & 255])), 1_002],
    ["that closes with half a code", frame(0x88, Buffer.from([3])), 1_002],
  ])("19. Bad frames: closes a connection that sends a frame %s", async (_what, bytes, code) => {
    await underOracle({}, async ({ port }) => {
      const raw = new RawSocket(port);
      await raw.join("lobby");
      raw.socket.write(bytes);
      await raw.ends();
      expect(raw.received.slice(-4)).toBe(Buffer.from([0x88, 2, code >> 8, code & 255]).toString("latin1"));
    });
  });

  it("19. Bad frames: survives what is no frame at all", async () => {
    await underOracle({}, async ({ port }) => {
      for (let n = 0; n < 50; n++) {
        const raw = new RawSocket(port);
        raw.request("/chat/socket.io/?EIO=4&transport=websocket");
        await raw.hears("pingInterval");
        // The same bytes in every run.
        raw.socket.write(createHash("sha512").update(`${n}`).digest());
        raw.socket.end();
        await raw.ends();
      }
    });
  });

  it("21. Deflate: does not agree to compress", async () => {
    await underOracle({}, async ({ port }) => {
      const { status, headers } = await open(port, "websocket", ["Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"]);
      expect(status).toBe(101);
      expect(headers["sec-websocket-extensions"]).toBeUndefined();
    });
  });
});
