import { ChatError, defaultLimits } from "@chat-widget/protocol";
import { beforeEach, describe, expect, it } from "vitest";
import { ManualClock, settle } from "../../test/manual-clock.js";
import { ScriptedTransport } from "../../test/scripted-transport.js";
import { Connection, type ConnectionOptions } from "./connection.js";

let clock: ManualClock;
let transport: ScriptedTransport;
let logged: string[];
let heard: string[];

beforeEach(() => {
  clock = new ManualClock();
  transport = new ScriptedTransport();
  logged = [];
  heard = [];
});

const log = (_fields: object, message: string) => void logged.push(message);

function make(options: Partial<ConnectionOptions> = {}): Connection {
  return new Connection(
    { transport, clock, random: () => 1, logger: { warn: log, error: log }, credentials: async () => ({}), ...options },
    { onChange: () => {}, onReady: () => heard.push("ready"), onLost: () => heard.push("lost"), onEvent: ({ name }) => heard.push(name), onOther: () => {} },
  );
}

async function connected(options?: Partial<ConnectionOptions>): Promise<Connection> {
  const connection = make(options);
  connection.start();
  await settle();
  transport.link.welcome();
  return connection;
}

const refusal = (retry: "no" | "reauth") => new ChatError({ code: retry === "no" ? "forbidden" : "unauthenticated", message: "unable to connect; go away", retry });

describe("the first words", () => {
  it("come before anything is asked or heard", async () => {
    const connection = make();
    connection.start();
    await settle();
    transport.link.say("room:heads", { heads: [] });
    await expect(connection.request("room:leave", { roomId: "lobby" })).rejects.toMatchObject({ code: "unavailable" });
    expect([connection.status, heard, transport.link.asked]).toEqual(["connecting", [], []]);
    transport.link.welcome({ limits: { ...defaultLimits, textBytes: 7 } });
    transport.link.say("room:heads", { heads: [] });
    expect([connection.status, connection.limits.textBytes, heard]).toEqual(["online", 7, ["ready", "room:heads"]]);
  });

  it("tell what the client speaks and who it is", async () => {
    await connected({ credentials: async () => ({ token: "t", guestName: "Ann" }) });
    expect(transport.link.handshake).toEqual({ protocol: [1], token: "t", guestName: "Ann" });
  });

  it("that never come let the attempt fail after 20 s", async () => {
    const connection = make();
    connection.start();
    await clock.pass(20_000);
    expect([transport.link.isClosed, connection.error?.code]).toEqual([true, "timeout"]);
    await clock.pass(300);
    expect(transport.links).toHaveLength(2);
  });

  it("that are not known in time let the attempt fail too", async () => {
    const connection = make({ credentials: () => new Promise(() => {}) });
    connection.start();
    await clock.pass(20_000);
    expect([transport.links, connection.error?.code]).toEqual([[], "timeout"]);
  });

  it("are left out and reported when they do not fit the contract", async () => {
    const connection = make();
    connection.start();
    await settle();
    transport.link.say("session:ready", { protocol: 1 });
    transport.link.say("session:sometime", {});
    expect(connection.status).toBe("connecting");
    expect(logged).toEqual([expect.stringContaining("does not fit the contract")]);
  });
});

describe("coming back", () => {
  it("waits up to 0.3 s, then twice as long each time, and never more than 5 s", async () => {
    const connection = await connected();
    for (const wait of [300, 600, 1_200, 2_400, 4_800, 5_000, 5_000]) {
      transport.link.end();
      expect(connection.status).toBe("reconnecting");
      const attempts = transport.links.length;
      await clock.pass(wait - 1);
      expect(transport.links).toHaveLength(attempts);
      await clock.pass(1);
      expect(transport.links).toHaveLength(attempts + 1);
    }
    transport.link.welcome();
    transport.link.end();
    const attempts = transport.links.length;
    await clock.pass(300);
    expect(transport.links).toHaveLength(attempts + 1);
  });

  it("is spread by chance", async () => {
    await connected({ random: () => 0.5 });
    transport.link.end();
    await clock.pass(149);
    expect(transport.links).toHaveLength(1);
    await clock.pass(1);
    expect(transport.links).toHaveLength(2);
  });

  it("waits as long as a server asks that goes away, and as the error says", async () => {
    await connected();
    transport.link.say("session:going-away", { retryAfterMs: 5_000 });
    transport.link.end();
    await clock.pass(4_999);
    expect(transport.links).toHaveLength(1);
    await clock.pass(1);
    expect(transport.links).toHaveLength(2);
    transport.link.end(new ChatError("unavailable", "unable to connect; full", { retryAfterMs: 7_000 }));
    await clock.pass(6_999);
    expect(transport.links).toHaveLength(2);
    await clock.pass(1);
    expect(transport.links).toHaveLength(3);
  });

  it("is not confused by what an earlier connection still says", async () => {
    const connection = await connected();
    const old = transport.link;
    old.end();
    await clock.pass(300);
    transport.link.welcome();
    old.say("room:heads", { heads: [] });
    old.end();
    expect([connection.status, heard]).toEqual(["online", ["ready", "lost", "ready"]]);
  });

  it("goes on when the transport throws, or ends at once", async () => {
    let attempts = 0;
    const connection = make({
      transport: {
        connect(handshake, listener) {
          attempts += 1;
          if (attempts === 1) throw new Error("insecure");
          const link = transport.connect(handshake, listener);
          if (attempts === 2) transport.link.end();
          return link;
        },
      },
    });
    connection.start();
    await clock.pass(1_000);
    expect(attempts).toBe(3);
    expect(transport.links[0]?.isClosed).toBe(true);
    transport.link.welcome();
    expect(connection.status).toBe("online");
  });
});

describe("being refused", () => {
  it("is for good when the server says so, and is logged", async () => {
    const connection = make();
    connection.start();
    await settle();
    transport.link.end(refusal("no"));
    await clock.pass(60_000);
    expect([connection.status, connection.error?.code, transport.links.length]).toEqual(["refused", "forbidden", 1]);
    expect(logged).toEqual(["unable to connect; go away"]);
  });

  it("asks once more for a token, then is for good", async () => {
    let tokens = 0;
    const connection = make({ credentials: async () => ({ token: `t${++tokens}` }) });
    connection.start();
    await settle();
    transport.link.end(refusal("reauth"));
    await clock.pass(300);
    expect([connection.status, transport.link.handshake.token]).toEqual(["connecting", "t2"]);
    transport.link.end(refusal("reauth"));
    await clock.pass(60_000);
    expect([connection.status, tokens]).toEqual(["refused", 2]);
  });

  it("happens when the server says why, where a browser would not", async () => {
    const connection = make({ askAccess: async () => new ChatError("forbidden", "unable to connect; add it to allowedOrigins") });
    connection.start();
    await settle();
    transport.link.end();
    await clock.pass(60_000);
    expect([connection.status, connection.error?.code]).toEqual(["refused", "forbidden"]);
    expect(logged).toEqual([expect.stringContaining("allowedOrigins")]);
  });

  it("does not happen when the server has no objection, and it is asked once", async () => {
    let asked = 0;
    const connection = make({ askAccess: async () => void (asked += 1) });
    connection.start();
    await settle();
    for (let n = 0; n < 3; n++) {
      transport.link.end();
      await clock.pass(10_000);
    }
    expect([connection.status, asked]).toEqual(["connecting", 1]);
  });
});

describe("credentials that cannot be had", () => {
  it("are asked for again", async () => {
    let tries = 0;
    const connection = make({
      async credentials() {
        tries += 1;
        if (tries < 3) throw new Error("offline");
        return { token: "t" };
      },
    });
    connection.start();
    await clock.pass(1_000);
    transport.link.welcome();
    expect([connection.status, tries]).toEqual(["online", 3]);
  });

  it("do not wake up a closed connection", async () => {
    let fail = (_error: Error) => {};
    const connection = make({ credentials: () => new Promise((_resolve, reject) => (fail = reject)) });
    connection.start();
    await settle();
    connection.close();
    fail(new Error("too late"));
    await clock.pass(60_000);
    expect([connection.status, transport.links]).toEqual(["closed", []]);
  });
});

describe("waking up", () => {
  it("asks whether somebody is there, and stays when there is", async () => {
    const connection = await connected();
    connection.wake();
    transport.link.asked[0]?.refuse(new ChatError("invalid", "unable to"));
    await clock.pass(60_000);
    expect([connection.status, transport.links.length]).toEqual(["online", 1]);
  });

  it("connects anew when nobody answers", async () => {
    const connection = await connected();
    connection.wake();
    transport.link.asked[0]?.miss();
    await settle();
    expect([connection.status, transport.links[0]?.isClosed]).toEqual(["reconnecting", true]);
    await clock.pass(300);
    expect(transport.links).toHaveLength(2);
  });

  it("does not wait any longer", async () => {
    const connection = await connected();
    transport.link.say("session:going-away", { retryAfterMs: 60_000 });
    transport.link.end();
    await settle();
    connection.wake();
    connection.wake();
    await settle();
    expect(transport.links).toHaveLength(2);
  });

  it("is noticed by a hole in the clock", async () => {
    await connected();
    await clock.pass(60_000);
    expect(transport.link.asked).toEqual([]);
    await clock.sleep(60_000);
    expect(transport.link.asked).toHaveLength(1);
  });
});

describe("an answer that takes long", () => {
  it("makes the connection be left when nobody is there, after as long as a request may take", async () => {
    const connection = await connected();
    const asked = connection.request("room:leave", { roomId: "lobby" });
    await clock.pass(4_999);
    expect(transport.link.asked).toHaveLength(1);
    await clock.pass(1);
    const probe = transport.link.asked[1];
    expect(probe?.input).toEqual({});
    probe?.miss();
    await expect(asked).rejects.toMatchObject({ code: "timeout" });
    expect(connection.status).toBe("reconnecting");
  });

  it("is waited for as long as somebody is there", async () => {
    const connection = await connected();
    const asked = connection.request("room:leave", { roomId: "lobby" });
    await clock.pass(5_000);
    transport.link.asked[1]?.refuse(new ChatError("invalid", "unable to"));
    await clock.pass(2_000);
    transport.link.asked[0]?.answer({});
    await expect(asked).resolves.toEqual({});
    await clock.pass(60_000);
    expect([connection.status, transport.link.asked.length]).toEqual(["online", 2]);
  });
});

it.each([24, -24])("is not disturbed by a clock that jumps by %i hours, and comes back in time after it", async (hours) => {
  const connection = await connected();
  clock.jump(hours * 3_600_000);
  await clock.pass(60_000);
  for (const { name, miss } of transport.link.asked) expect([name, typeof miss]).toEqual(["room:leave", "function"]);
  transport.link.end();
  clock.jump(hours * 3_600_000);
  await clock.pass(300);
  transport.link.welcome();
  expect([connection.status, transport.links.length]).toEqual(["online", 2]);
});

describe("asking", () => {
  it("is checked before it is sent", async () => {
    const connection = await connected();
    await expect(connection.request("room:leave", { roomId: "two words" })).rejects.toMatchObject({ code: "invalid", retry: "no" });
    expect(transport.link.asked).toEqual([]);
  });

  it("gives the answer as the contract has it, or the server's error", async () => {
    const connection = await connected();
    const ask = () => connection.request("message:read", { roomId: "lobby", messageIds: ["019b76da-abe8-7000-8000-000000000001"] });
    const [good, refused, odd] = [ask(), ask(), ask()];
    const [first, second, third] = transport.link.asked;
    first?.answer({ messages: [], new: 1 });
    second?.refuse(new ChatError("rate-limited", "unable to", { retryAfterMs: 9 }));
    third?.answer({ messages: "none" });
    await expect(good).resolves.toEqual({ messages: [] });
    await expect(refused).rejects.toMatchObject({ code: "rate-limited", retryAfterMs: 9 });
    await expect(odd).rejects.toMatchObject({ code: "internal" });
  });

  it("does not know the outcome when no answer comes", async () => {
    const connection = await connected();
    const asked = connection.request("room:leave", { roomId: "lobby" });
    transport.link.end();
    await expect(asked).rejects.toMatchObject({ code: "timeout", retry: "same" });
  });
});

it("says nothing more once closed", async () => {
  const connection = await connected();
  connection.close();
  expect(transport.link.isClosed).toBe(true);
  transport.link.end();
  connection.wake();
  await clock.pass(60_000);
  expect([connection.status, transport.links.length, heard]).toEqual(["closed", 1, ["ready"]]);
});
