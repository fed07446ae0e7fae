import type { Namespace, Socket } from "socket.io";
import { ChatError, type Identity, type User } from "@chat-widget/protocol";
import { type Ban, banned } from "../moderation/bans.js";
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
  address: string | undefined;
  /** How many disconnections there were when it began. */
  endings: number;
}

/** Admits those who connect to a namespace and opens a session for each. */
export function openSessions(namespace: Namespace, options: SessionOptions): { dismissBanned(): void } {
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
    if (admission === undefined) return void readmit(socket, admissions, options);
    welcome(socket, admission, options);
  });
  return {
    dismissBanned() {
      for (const socket of namespace.sockets.values()) {
        const admission = admissions.get(socket);
        if (admission !== undefined && banOf(admission) !== undefined) admission.surroundings.release(socket);
      }
    },
  };
}

/** An application's Socket.IO that recovers connections by itself puts them back without asking us: they begin anew all the same. */
async function readmit(socket: Socket, admissions: WeakMap<Socket, Admission>, options: SessionOptions): Promise<void> {
  for (const room of socket.rooms) if (room !== socket.id) await socket.leave(room);
  try {
    const admission = await admit(socket, options);
    admissions.set(socket, admission);
    welcome(socket, admission, options);
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
  await surroundings.desk.ready();
  const address = surroundings.addressOf?.(socket.request);
  refuse(banOfAddress(surroundings, address));
  const identity = await identification.identify(socket.request, handshake);
  refuse(banOfUser(surroundings, identity.user));
  if (sessions.isFull(identity.user.id)) throw new ChatError("rate-limited", "unable to connect; this user has too many connections", { retryAfterMs: fullMs });
  return { identity, protocol, surroundings, address, endings };
}

/** The ban that a connection is under. */
function banOf({ identity, surroundings, address }: Admission): Ban | undefined {
  return banOfUser(surroundings, identity.user) ?? banOfAddress(surroundings, address);
}

/** Whoever was banned under another id is the same person. */
function banOfUser({ desk }: SessionSurroundings, { id, formerIds = [] }: User): Ban | undefined {
  return [id, ...formerIds].map((known) => desk.bans.ofUser(known)).find((ban) => ban !== undefined);
}

function banOfAddress({ desk }: SessionSurroundings, address: string | undefined): Ban | undefined {
  return address === undefined ? undefined : desk.bans.ofAddress(address);
}

function refuse(ban: Ban | undefined): void {
  if (ban !== undefined) throw banned(ban);
}

function welcome(socket: Socket, admission: Admission, { sessions, onConnect, onDisconnect }: SessionOptions): void {
  const { identity, protocol, surroundings, endings } = admission;
  const { limits, clock } = surroundings;
  const { id } = identity.user;
  // What was decided while they were let in holds for them too.
  if (banOf(admission) !== undefined) return surroundings.release(socket);
  // Others may have been let in meanwhile.
  if (surroundings.isClosing() || sessions.wasEnded(id, endings) || sessions.isFull(id)) return surroundings.release(socket);
  sessions.add(id, socket);
  const session = new Session(socket, identity, surroundings);
  socket.emit("session:ready", { ...identity, protocol, limits, serverTime: clock.now(), capabilities: [] });
  onConnect(identity.user);
  socket.on("disconnect", () => onDisconnect(session.user));
}
