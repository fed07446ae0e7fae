import { ChatError, type CommandInput, type CommandName, type CommandOutput, type Limits, type Permission, type User } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import type { ModerationDesk } from "../moderation/desk.js";
import type { AuthorizeRequest, Policy } from "../policy/authorize.js";
import type { MessageTypes } from "../policy/message-types.js";
import type { Moderation } from "../policy/moderate.js";
import type { Room } from "../rooms/room.js";
import type { Rooms } from "../rooms/rooms.js";
import type { Standing } from "../rooms/state/standing.js";
import type { Uploads } from "../uploads/uploads.js";
import type { AppEvents } from "./app-events.js";
import type { Writer } from "./draft.js";
import { profileOf } from "./profile.js";

/** The connection a command came by, as far as commands need it. */
export interface Connection {
  readonly id: string;
  readonly openRooms: ReadonlySet<string>;
  /** From now on the user is present in the room. @throws {ChatError} `unavailable` when the connection is gone */
  open(room: Room): void;
  /** Tells what was delivered in the room after a place, and from now on everything. Does nothing when it does so already. */
  listen(room: Room, after: number): void;
  close(room: Room): void;
  /** Notes what the user is told that they may do in a room; from now on they are told when it changes. */
  allow(room: Room, permissions: readonly Permission[]): void;
}

/** What a handler may touch. */
export interface CommandContext {
  /** Who asks: fixed by the handshake, never taken from the input. */
  readonly user: User;
  readonly connection: Connection;
  readonly rooms: Rooms;
  readonly policy: Policy;
  readonly moderation: Moderation;
  readonly messageTypes: MessageTypes;
  readonly desk: ModerationDesk;
  readonly events: AppEvents;
  readonly limits: Limits;
  readonly clock: Clock;
  /** Undefined where no files are taken. */
  readonly uploads: Uploads | undefined;
  /** Runs something when the answer is on its way and nothing else is yet; not after a refusal. */
  afterAnswer(run: () => void): void;
  /** Gives 0 when so many writes to a room may be done now, else the milliseconds to wait. */
  spendRoom(roomId: string, writes: number): number;
  /** The size of a page a client asked for, within the limits. */
  pageSize(asked: number | undefined): number;
  refresh(input: CommandInput<"session:refresh">): Promise<CommandOutput<"session:refresh">>;
  explain(error: unknown): ChatError;
}

/**
 * The room, when it is open on this connection and the user may run the command in it. A room that does not exist and
 * one that is not open look the same.
 *
 * @throws {ChatError} `forbidden`
 */
export async function openRoom(context: CommandContext, roomId: string, command: CommandName, event?: string): Promise<Room> {
  const { connection, rooms } = context;
  const isOpen = () => connection.openRooms.has(roomId);
  if (!isOpen()) throw new ChatError("forbidden", `unable to run ${command}; join the room first`);
  // Writes are decided one by one, with the message they are about.
  if (command === "room:write") return rooms.get(roomId);
  await demand(context, roomId, command, event === undefined ? {} : { event });
  if (!isOpen()) throw new ChatError("unavailable", `unable to run ${command}; the room was left meanwhile`);
  return rooms.get(roomId);
}

/** What a command is about, besides its room. */
type About = Pick<AuthorizeRequest, "message" | "target" | "event">;

/** Returns when the user may. Whoever is refused and may not even be in the room any more hears nothing more of it. @throws {ChatError} */
export async function demand({ user, connection, policy, rooms }: CommandContext, roomId: string, command: CommandName, about: About = {}): Promise<Standing> {
  const isOpen = () => connection.openRooms.has(roomId);
  const room = rooms.get(roomId);
  return room.keep(async () => {
    const standing = await room.state.standing(user);
    try {
      await policy.demand({ user, roomId, command, ...standing, ...about });
      return standing;
    } catch (error) {
      const isRefused = ChatError.is(error) && error.code === "forbidden";
      if (isRefused && isOpen() && !(await policy.mayJoin(user, roomId, standing)) && isOpen()) connection.close(room);
      throw error;
    }
  });
}

/** @throws {ChatError} `forbidden` */
export function refuseFiles(): never {
  throw new ChatError("forbidden", "unable to take files; this chat takes none");
}

/** The user as a writer. */
export function writerOf(context: CommandContext): Writer {
  const { user, limits, clock, explain, moderation, desk, messageTypes, events, uploads } = context;
  return {
    profile: profileOf(user),
    formerIds: user.formerIds,
    limits,
    clock,
    explain,
    desk,
    events,
    attach: async (room, messageId, ids) => (await uploads?.use({ userId: user.id, roomId: room.id }, messageId, ids)) ?? refuseFiles(),
    review: (room, command, text, { message, attachments } = {}) =>
      moderation.review({ user, roomId: room.id, command, text, ...(message !== undefined && { message }), ...(attachments !== undefined && { attachments }) }),
    checkData: (data) => messageTypes.check(data),
    demand: async (room, command, message, event) => {
      await demand(context, room.id, command, { ...(message !== undefined && { message }), ...(event !== undefined && { event }) });
      if (event !== undefined) events.checkFrom(event, true);
    },
    takeTurn: (room, id) => takeTurn(context, room, id),
  };
}

/** Those who moderate a room need not wait. @throws {ChatError} `rate-limited` */
async function takeTurn({ user, policy }: CommandContext, room: Room, id: string): Promise<void> {
  const standing = await room.state.standing(user);
  const { slowModeMs } = standing.room;
  if (slowModeMs === 0 || policy.byDefault(user, standing).includes("moderate")) return;
  const retryAfterMs = await room.pace.take(user.id, id, slowModeMs);
  if (retryAfterMs > 0) throw new ChatError("rate-limited", "unable to send; the room is in slow mode", { retryAfterMs, details: { slowModeMs } });
}
