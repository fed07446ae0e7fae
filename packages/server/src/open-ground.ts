import type { Namespace } from "socket.io";
import type { ChatError, RoomEvent, ServerEventName } from "@chat-widget/protocol";
import { createChatRoom } from "./chat-room.js";
import type { AppEvents } from "./commands/app-events.js";
import { clientAddress } from "./http/client-address.js";
import type { Seat } from "./http/seat.js";
import { inform } from "./inform.js";
import type { Report } from "./logger.js";
import { ModerationDesk } from "./moderation/desk.js";
import type { NodeMessage } from "./nodes/node-message.js";
import type { Settings } from "./options.js";
import type { OpenStreams } from "./open-streams.js";
import { Policy } from "./policy/authorize.js";
import { MessageTypes } from "./policy/message-types.js";
import { Moderation } from "./policy/moderate.js";
import { Nodes } from "./nodes/nodes.js";
import { UserKeeper } from "./privacy/user-keeper.js";
import type { Publish } from "./rooms/publish.js";
import { Rooms } from "./rooms/rooms.js";
import { Authenticator } from "./session/authenticate.js";
import { channelOf, keepersChannel, keepersOf } from "./session/channel.js";
import { GuestIdentity } from "./session/guest-identity.js";
import { Identification } from "./session/identify.js";
import { IdentityRecords } from "./session/identity-records.js";
import type { SessionGround } from "./session/open-session.js";
import { RateLimit } from "./session/rate-limit.js";
import { socketWire } from "./session/socket-wire.js";
import type { Work } from "./session/work.js";
import type { StoreIdentity } from "./stores/chat-store.js";
import { storeOfLife } from "./stores/store-of-life.js";
import { type OpenUploads, openUploads } from "./uploads/open-uploads.js";
import { Webhooks } from "./webhooks/webhooks.js";

/** What stands on an open store. */
export interface Ground extends SessionGround {
  nodes: Nodes;
  /** Undefined where no files are taken. */
  files: OpenUploads | undefined;
  /** Stores what waits to be stored, and does nothing any more. */
  close(): Promise<void>;
  /** Takes nobody for a user any more who was made sure of before, and ends their connections everywhere. */
  revoke(userId: string, before: number): Promise<void>;
  desk: ModerationDesk;
  /** Exports and erases users. */
  users: UserKeeper;
}

interface GroundOptions {
  settings: Settings;
  /** Who the store said it is when it was opened. */
  identity: StoreIdentity;
  /** Ends every connection of a user to this node. */
  disconnect: (userId: string) => void;
  /** Ends every connection to this node that a ban forbids. */
  dismissBanned: () => void;
  seat: Seat;
  report: Report;
  explain: (error: unknown) => ChatError;
  /** The application's own events. */
  events: AppEvents;
  /** The messages that the application is writing. */
  streams: OpenStreams;
  work: Work;
  isClosing: () => boolean;
}

/** Builds what stands on an open store: rooms, identities, sessions. */
export function openGround({ settings, identity, disconnect, dismissBanned, seat, report, explain, events, streams, work, isClosing }: GroundOptions): Ground {
  const { clock, logger, random, rates, perAddress, retention, onEvent } = settings;
  const { epoch, secret, replaced } = identity;
  const plainStore = storeOfLife(settings.store, identity);
  const webhooks = settings.webhooks.length === 0 ? undefined : new Webhooks({ webhooks: settings.webhooks, store: plainStore, epoch, clock, random, report });
  const store = webhooks?.store ?? plainStore;
  const files = settings.uploads && openUploads({ rules: settings.uploads, store, secret, clock, random, report });
  const limits = { ...settings.limits, packetBytes: seat.packetBytes, ...(files && { uploads: files.uploads.limits }) };
  const { nameLength } = limits;
  const authenticator = new Authenticator({ authenticate: settings.authenticate, nameLength, clock, logger, report });
  const guests = settings.guests ? new GuestIdentity({ secret, nameLength, clock, random }) : undefined;
  const nodes = new Nodes({ wire: socketWire(seat.namespace), epoch, clock, random, logger });
  const records = new IdentityRecords(store);
  const disconnectEverywhere = (userId: string): void => {
    disconnect(userId);
    nodes.tell({ kind: "disconnect", userId });
  };
  const identification = new Identification({ authenticator, guests, linksGuests: settings.linkGuests, records, onLinked: disconnectEverywhere });
  // Events of their own: those of the log are not the application's to change.
  const onCommitted = (roomId: string, events: readonly RoomEvent[]): void => {
    webhooks?.tell(roomId);
    files?.forget(events);
    if (onEvent !== undefined) for (const event of events) void inform(onEvent, report, roomId, structuredClone(event));
  };
  const rooms = new Rooms({ store, epoch, secret, defaults: settings.roomDefaults, publish: publisher(seat.namespace), tell: nodes.tell, pollMs: () => nodes.pollMs(), clock, random, report, onCommitted, retentionDays: retention?.days });
  const hint = (roomId: string): void => {
    seat.namespace.local.to(keepersOf(roomId)).emit("report:filed", { at: clock.now(), roomId });
    seat.namespace.local.to(keepersChannel).except(keepersOf(roomId)).emit("report:filed", { at: clock.now() });
  };
  const desk = new ModerationDesk({ store, tell: nodes.tell, pollMs: () => nodes.pollMs(), clock, random, report, retentionDays: settings.auditRetention?.days, onBanned: dismissBanned, onReport: (filed) => void inform(settings.onReport, report, structuredClone(filed)), onReported: hint });
  const hear = (nodeId: string, message: NodeMessage): void => {
    if (message.kind === "disconnect") disconnect(message.userId);
    else if (message.kind === "records") desk.lookSoon();
    else if (message.kind === "reported") hint(message.roomId);
    else rooms.hear(nodeId, message);
  };
  const revoke = async (userId: string, before: number): Promise<void> => {
    await records.revoke(userId, before);
    disconnectEverywhere(userId);
  };
  const room = (roomId: string) => createChatRoom(roomId, { rooms: async () => rooms, desk: async () => desk, limits, clock, explain, events, streams });
  const users = new UserKeeper({ store, identities: records, uploads: files?.uploads, desk, rooms, room, tell: nodes.tell, clock, logger, report, revoke });
  nodes.start({
    hear,
    lost: (nodeId) => rooms.lost(nodeId),
    missed() {
      rooms.missed();
      desk.lookSoon();
    },
    openRooms: () => rooms.open().map(({ id, presence }) => [id, presence.version]),
  });
  return {
    nodes,
    files,
    close: async () => {
      files?.close();
      desk.close();
      await Promise.all([users.close(), webhooks?.close(), rooms.close()]);
    },
    revoke,
    users,
    desk,
    identification,
    surroundings: {
      limits,
      clock,
      uploads: files?.uploads,
      logger,
      explain,
      work,
      isClosing: () => isClosing() || replaced?.aborted === true,
      rooms,
      messageTypes: new MessageTypes(settings.messageTypes, clock),
      desk,
      events,
      moderation: new Moderation({ moderate: settings.moderate, clock, logger }),
      policy: new Policy({ authorize: settings.authorize, clock, logger }),
      rateLimit: new RateLimit(rates, perAddress?.commands, clock),
      addressOf: perAddress && ((request) => clientAddress(request, perAddress.proxies)),
      isExclusive: seat.isExclusive,
      isBehind: (socket) => seat.isBehind(socket),
      release: (socket) => seat.release(socket),
      identifyAgain: (request, user, input) => identification.again(request, user, input),
    },
  };
}

/** What is worth nothing later, so that it is never queued for a slow reader. */
const fleeting: ReadonlySet<ServerEventName> = new Set(["typing:changed", "event:whispered"]);

/** Tells the sockets of this process. Each node tells its own, in the order of the log; an adapter would tell them in any. */
function publisher(namespace: Namespace): Publish {
  return (roomId, name, payload) => {
    const audience = namespace.local.to(channelOf(roomId));
    (fleeting.has(name) ? audience.volatile : audience).emit(name, payload);
  };
}
