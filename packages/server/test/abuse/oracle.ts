import type { Server } from "node:http";
import type { Socket } from "node:net";
import { inspect } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, vi } from "vitest";
import type { ChatServerOptions } from "../../src/options.js";
import { type TestClient, connect } from "../test-client.js";
import { type TestServer, startServer } from "../test-server.js";

/** What is said while a process is about to end, or will be by a later version of Node. */
const alarms = ["uncaughtException", "unhandledRejection", "warning"] as const;
/** How long the canary may wait for its own message after an attack. */
const roundTripMs = 1_000;
/** What may stay in memory after an attack: code that was compiled, and what the attacker's half keeps, which is in this process too. */
const toleratedBytes = 32 * 1_024 * 1_024;
const canaryRoom = "canary";

/** A server under attack. */
export interface Target extends TestServer {
  /** Who chats in a room of their own from before the attack until after it. */
  canary: TestClient;
  /** What must not be in the log after the attack, besides what the canary has: tokens, cookies, texts. */
  secrets: string[];
  /** Looks whether all is well now; to be called in the middle of an attack. */
  unharmed(): Promise<void>;
}

/**
 * Attacks a server and looks what is left of it: nobody's error reached the process, a client that was there before is
 * answered within a second, every connection, session, handle and byte of the attack is gone, and the log keeps secrets.
 */
export async function underOracle(options: ChatServerOptions, attack: (target: Target) => Promise<void>): Promise<void> {
  const complaints: unknown[] = [];
  const complain = (what: unknown) => void complaints.push(what);
  for (const alarm of alarms) process.on(alarm, complain);
  onTestFinished(() => {
    for (const alarm of alarms) process.off(alarm, complain);
  });
  let sessions = 0;
  const server = await startServer({
    ...options,
    onConnect(user) {
      sessions += 1;
      options.onConnect?.(user);
    },
    onDisconnect(user) {
      sessions -= 1;
      options.onDisconnect?.(user);
    },
  });
  const sockets = socketsOf(server.http);
  const canary = await connect(server.origin, { guestName: "Canary", token: "canary" });
  await canary.ask("room:join", { roomId: canaryRoom });
  const secrets: string[] = ["canary says", canary.ready.guestToken ?? "canary says"];
  const unharmed = async (): Promise<void> => {
    await roundTrip(canary);
    expect(complaints).toEqual([]);
    expect(Object.hasOwn(Object.prototype, "isAdmin")).toBe(false);
  };
  await unharmed();
  const before = { sockets: new Set(sockets), handles: countHandles(), bytes: heapBytes() };

  await attack({ ...server, canary, secrets, unharmed });

  await unharmed();
  // The attackers leave; whatever of theirs is still there afterwards is the server's fault.
  for (const socket of sockets) if (!before.sockets.has(socket)) socket.destroy();
  await vi.waitFor(
    () => {
      expect(sockets.size, "connections").toBeLessThanOrEqual(before.sockets.size);
      expect(sessions, "sessions").toBe(1);
      expect(countHandles(), "handles").toBeLessThanOrEqual(before.handles);
    },
    { timeout: 10_000, interval: 20 },
  );
  await vi.waitFor(() => expect(heapBytes() - before.bytes, "bytes").toBeLessThan(toleratedBytes), { timeout: 10_000, interval: 200 });
  await unharmed();
  const log = inspect(server.log.lines, { depth: null, maxArrayLength: null, maxStringLength: null });
  for (const secret of secrets) expect(log).not.toContain(secret);
}

/** The connections of a server that are open. */
function socketsOf(http: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  http.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

/** The canary writes, and hears what it wrote. */
async function roundTrip(canary: TestClient): Promise<void> {
  const startedAt = performance.now();
  const { seq } = await canary.send(canaryRoom, "canary says hello");
  await canary.hears("room:events", ({ events }) => events.some((event) => event.seq === seq));
  expect(performance.now() - startedAt).toBeLessThan(roundTripMs);
  canary.heard.length = 0;
}

/** What keeps a process alive, the ends of connections in this process included. */
function countHandles(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind !== "Immediate" && kind !== "Timeout").length;
}

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
