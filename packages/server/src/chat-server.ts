import type { Server as HttpServer } from "node:http";
import type { Server as HttpsServer } from "node:https";
import type { EventDefinitions, NoEvents } from "@chat-widget/protocol";
import type { Server as SocketServer, Socket } from "socket.io";
import { ChatError, UserId } from "@chat-widget/protocol";
import { Api } from "./api/api.js";
import { type ChatModeration, createChatModeration } from "./chat-moderation.js";
import { type ChatRoom, createChatRoom } from "./chat-room.js";
import { type ChatRooms, createChatRooms } from "./chat-rooms.js";
import { type ChatUsers, createChatUsers } from "./chat-users.js";
import { withDeadline } from "./clock.js";
import { AppEvents } from "./commands/app-events.js";
import { AddressLimit } from "./http/address-limit.js";
import { ConnectionLimit } from "./http/connection-limit.js";
import { OriginGuard } from "./http/origin-guard.js";
import { takeSeat } from "./http/take-seat.js";
import type { Seat } from "./http/seat.js";
import { StaticFiles, widgetFolder } from "./http/static-files.js";
import { UploadDoor } from "./http/upload-door.js";
import { type Report, createExplain, createReport } from "./logger.js";
import type { ModerationDesk } from "./moderation/desk.js";
import type { NodesStatus } from "./nodes/nodes.js";
import { inform } from "./inform.js";
import { openGround } from "./open-ground.js";
import { OpenStreams } from "./open-streams.js";
import type { ChatServerOptions, Settings } from "./options.js";
import { resolveOptions } from "./resolve-options.js";
import type { Rooms } from "./rooms/rooms.js";
import { openSessions } from "./session/open-session.js";
import { Sessions } from "./session/sessions.js";
import { Work } from "./session/work.js";
import { StandingGround } from "./standing-ground.js";
import { StoreOpening } from "./stores/store-opening.js";

/** A chat that answers below one path of an HTTP server it does not own. */
export interface ChatServer<E extends EventDefinitions = NoEvents> extends AsyncDisposable {
  /** Resolves once the store is open. Rejects with the store's own error; then everything answers `unavailable`, until one of the further tries succeeds. */
  readonly ready: Promise<void>;
  /** A room in the hands of the application. */
  room(roomId: string): ChatRoom<E>;
  /** Rooms and who belongs to them. */
  readonly rooms: ChatRooms;
  /** What moderators of the whole chat do, in the hands of the application. */
  readonly moderation: ChatModeration;
  /** Export and erasure of what is kept of users. */
  readonly users: ChatUsers;
  /**
   * Ends every connection of a user, on every node: their clients connect anew and are asked again who they are and
   * what they may. To be called when an account is blocked, signed out or loses a right.
   */
  disconnect(userId: string): void;
  /**
   * Takes nobody for this user any more who was made sure of before a time (now, when left out), as by an older token, and
   * ends their connections, on every node. To be called when a token was stolen, or a password changed. It holds for tokens
   * whose age `authenticate` tells (`issuedAt`, as `jwtAuthentication` does); for others `authenticate` is asked, as always.
   * A guest is refused for good, which keeps nobody from coming as another one. Resolves once it is stored.
   */
  revoke(userId: string, options?: { before?: number }): Promise<void>;
  /** How the nodes of this chat hear of each other, for a health page or a metric. */
  status(): NodesStatus;
  /**
   * Says goodbye to everyone, lets what is being done finish for at most `drainMs` (5 000), cuts the connections that are
   * left, and leaves the HTTP server as it was: still running, without a chat. A store that does not answer is left after 10 s.
   */
  close(options?: { drainMs?: number }): Promise<void>;
}

interface Parts {
  settings: Settings;
  seat: Seat;
  report: Report;
  ground: StandingGround;
  work: Work;
  streams: OpenStreams;
}

/** How long it may take until a server that closes is followed by another. */
const restartMs = 2_000;
/** How long the last writes and closing the store may take. */
const finishMs = 10_000;
/** How long the store may take to answer a question after its health. */
const healthDeadlineMs = 2_000;

/**
 * Puts a chat on an HTTP server, or into a Socket.IO server that exists.
 *
 * @example
 * const server = createServer(app);
 * const chat = createChatServer(server, { store: sqliteStore({ filename: "chat.db" }), guests: true });
 * server.listen(3000);
 *
 * @throws {ChatError} `invalid` when an option is mistaken, in a sentence that says how to mend it
 */
export function createChatServer<E extends EventDefinitions = NoEvents>(server: HttpServer | HttpsServer | SocketServer, options: ChatServerOptions<E> = {}): ChatServer<E> {
  const settings = resolveOptions(options, process.env["NODE_ENV"] === "production");
  const { path, store, clock, random, logger, limits } = settings;
  const report = createReport(logger, settings.onError);
  const explain = createExplain(report);
  const events = new AppEvents(settings.events, clock);
  const streams = new OpenStreams();
  const work = new Work();
  const guard = new OriginGuard(settings.allowedOrigins, logger);
  let closing: Promise<void> | undefined;
  const isClosing = () => closing !== undefined;

  const isHealthy = async (): Promise<boolean> => {
    if (isClosing()) return false;
    const asked = ground.opened.then(() => store.heads([]));
    return withDeadline(clock, healthDeadlineMs, asked, () => new Error("the store did not answer in time")).then(
      () => true,
      () => false,
    );
  };
  const desk = async (): Promise<ModerationDesk> => (await ground.wait()).desk;
  const rooms = async (): Promise<Rooms> => (await ground.wait()).surroundings.rooms;
  const room = (roomId: string): ChatRoom<E> => createChatRoom<E>(roomId, { rooms, desk, limits, clock, explain, events, streams });
  const users = createChatUsers(async () => (await ground.wait()).users);
  const chatRooms = createChatRooms({ rooms, clock });
  const moderation = createChatModeration({ desk, rooms, clock, knowsAddresses: settings.perAddress !== undefined });
  const revoke = async (userId: string, { before = clock.now() } = {}): Promise<void> => {
    if (!UserId.safeParse(userId).success || !Number.isFinite(before)) throw new ChatError("invalid", "unable to revoke; `userId` must be the id of a user, and `before` milliseconds since 1970");
    await (await ground.wait()).revoke(userId, before);
  };
  const api = settings.api && new Api({ keys: settings.api.keys, ground: { room, rooms: chatRooms, users, moderation, disconnect: (userId) => disconnectEverywhere(userId), revoke }, clock, explain });
  const uploads = settings.uploads && new UploadDoor({ uploads: async () => (await ground.wait()).files?.uploads, guard, proxies: settings.perAddress?.proxies, clock });
  const routes = { path, guard, files: new StaticFiles(widgetFolder), uploads, isHealthy, api: api && ((...asked: Parameters<Api["answer"]>) => api.answer(...asked)), report };
  const addresses = settings.perAddress && new AddressLimit(settings.perAddress, clock, logger);
  const connectionLimit = new ConnectionLimit(settings.connections.total, addresses, logger);
  const seat = takeSeat(server, { path, guard, connectionLimit, routes, clock, report, use: settings.use, adapter: settings.adapter, packetBytes: limits.packetBytes, packetRate: settings.rates.packets });
  const sessions = new Sessions(settings.connections.perUser, (socket) => seat.cut(socket));
  const disconnect = (userId: string): void => sessions.disconnect(userId);
  const disconnectEverywhere = (userId: string): void => {
    disconnect(userId);
    ground.opened.then(
      ({ nodes }) => nodes.tell({ kind: "disconnect", userId }),
      () => undefined,
    );
  };
  const ground = new StandingGround({
    logger,
    open: () => new StoreOpening({ store, clock, random, report }),
    build: (identity) => openGround({ settings, identity, disconnect, dismissBanned: () => dismissBanned(), seat, report, explain, events, streams, work, isClosing }),
    sendAway: () => {
      for (const socket of sayGoodbye(seat, random, 0)) seat.release(socket);
    },
  });

  const { dismissBanned } = openSessions(seat.namespace, {
    ground: () => ground.wait(),
    sessions,
    isExclusive: seat.isExclusive,
    isClosing,
    explain,
    checkRequest: (request) => seat.checkRequest(request),
    onConnect: (user) => void inform(settings.onConnect, report, user),
    onDisconnect: (user) => void inform(settings.onDisconnect, report, user),
  });
  const close = ({ drainMs = 5_000 } = {}): Promise<void> => (closing ??= closeAll({ settings, seat, ground, work, report, streams }, drainMs));
  return {
    ready: ground.ready,
    room,
    rooms: chatRooms,
    moderation,
    users,
    disconnect: disconnectEverywhere,
    revoke,
    status: () => ground.current?.nodes.status() ?? { bus: "none", otherNodes: 0, lostPackets: 0 },
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

/** Tells everyone to come back, but not all at once, and not to a server that may be gone for `awayMs`. Gives who was told. */
function sayGoodbye({ namespace }: Seat, random: () => number, awayMs: number): Socket[] {
  const sockets = [...namespace.sockets.values()];
  const spreadMs = awayMs + 2 * sockets.length;
  for (const socket of sockets) socket.emit("session:going-away", { retryAfterMs: Math.round(awayMs / 4 + random() * spreadMs) });
  return sockets;
}

async function closeAll({ settings, seat, ground, work, report, streams }: Parts, drainMs: number): Promise<void> {
  const { clock, random, store } = settings;
  const sockets = sayGoodbye(seat, random, restartMs);
  await Promise.race([Promise.all([work.idle(), streams.close()]), new Promise<void>((resolve) => clock.setTimeout(resolve, drainMs))]);
  for (const socket of sockets) seat.release(socket);
  ground.giveUp();
  const open = await ground.opened.catch(() => undefined);
  open?.nodes.close();
  await seat.close();
  const finish = async (): Promise<void> => {
    await open?.close();
    await store.close();
  };
  await withDeadline(clock, finishMs, finish(), () => new Error("the store does not answer")).catch((error: unknown) => report(error, "unable to close the store; it was left as it is"));
}
