import type { Namespace, Socket } from "socket.io";
import { ChatError, type Identity, type User } from "@chat-widget/protocol";
import { readHandshake, toConnectError } from "./handshake.js";
import type { Identification } from "./identify.js";
import { Session, type SessionSurroundings } from "./session.js";
import type { Sessions } from "./sessions.js";

/** What sessions need that exists once the store is open. */
export interface SessionGround {
  identification: Identification;
  surroundings: SessionSurroundings;
}

interface SessionOptions {
  /** @throws {ChatError} `unavailable` while there is no store */
  ground: () => Promise<SessionGround>;
  sessions: Sessions;
  isExclusive: boolean;
  isClosing: () => boolean;
  explain: (error: unknown) => ChatError;
  /** Refuses pages of other origins, where that is not done before. @throws {ChatError} `forbidden` */
  checkRequest: (socket: Socket) => void;
  onConnect: (user: User) => void;
  onDisconnect: (user: User) => void;
}

/** How long one waits who has as many connections as they may. */
const fullMs = 10_000;

interface Admission {
  identity: Identity;
  protocol: number;
  surroundings: SessionSurroundings;
  /** How many disconnections there were when it began. */
  endings: number;
}

/** Admits those who connect to a namespace and opens a session for each. */
export function openSessions(namespace: Namespace, options: SessionOptions): void {
  const admissions = new WeakMap<Socket, Admission>();
  const seen = new WeakSet<Socket["conn"]>();

  namespace.use(async (socket, next) => {
    try {
      admissions.set(socket, await admitOnce(socket, seen, options));
    } catch (error) {
      return next(toConnectError(options.explain(error)));
    }
    next();
  });

  namespace.on("connection", (socket) => {
    const admission = admissions.get(socket);
    if (options.isClosing()) return void socket.disconnect(options.isExclusive);
    if (admission === undefined) return void readmit(socket, options);
    welcome(socket, admission, options);
  });
}

/** An application's Socket.IO that recovers connections by itself puts them back without asking us: they begin anew all the same. */
async function readmit(socket: Socket, options: SessionOptions): Promise<void> {
  for (const room of socket.rooms) if (room !== socket.id) await socket.leave(room);
  try {
    welcome(socket, await admit(socket, options), options);
  } catch (error) {
    options.explain(error);
    socket.disconnect();
  }
}

/** Each CONNECT packet costs a call to the application, so a connection has one at a time; where it carries only the chat, one for good. */
async function admitOnce(socket: Socket, seen: WeakSet<Socket["conn"]>, options: SessionOptions): Promise<Admission> {
  if (seen.has(socket.conn)) {
    if (options.isExclusive) socket.conn.close(true);
    throw new ChatError("rate-limited", "unable to connect; this connection is connecting already", { retryAfterMs: 1_000 });
  }
  seen.add(socket.conn);
  try {
    return await admit(socket, options);
  } finally {
    if (!options.isExclusive) seen.delete(socket.conn);
  }
}

async function admit(socket: Socket, { ground, sessions, isClosing, checkRequest }: SessionOptions): Promise<Admission> {
  if (isClosing()) throw new ChatError("unavailable", "unable to connect; the server is going away", { retryAfterMs: 1_000 });
  checkRequest(socket);
  const { handshake, protocol } = readHandshake(socket.handshake.auth);
  const { identification, surroundings } = await ground();
  const { endings } = sessions;
  const identity = await identification.identify(socket.request, handshake);
  if (sessions.isFull(identity.user.id)) throw new ChatError("rate-limited", "unable to connect; this user has too many connections", { retryAfterMs: fullMs });
  return { identity, protocol, surroundings, endings };
}

function welcome(socket: Socket, { identity, protocol, surroundings, endings }: Admission, { sessions, onConnect, onDisconnect }: SessionOptions): void {
  const { limits, clock } = surroundings;
  const { id } = identity.user;
  // Others may have been let in meanwhile.
  if (surroundings.isClosing() || sessions.wasEnded(id, endings) || sessions.isFull(id)) return surroundings.release(socket);
  sessions.add(id, socket);
  const session = new Session(socket, identity, surroundings);
  socket.emit("session:ready", { ...identity, protocol, limits, serverTime: clock.now(), capabilities: [] });
  onConnect(identity.user);
  socket.on("disconnect", () => onDisconnect(session.user));
}
