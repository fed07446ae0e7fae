import { ChatError, type ListedRoom, type Member, Profile, RoomId, RoomPatch, type RoomSettings, UserId } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import type { ServerChange } from "./chat-room.js";
import type { Clock } from "./clock.js";
import type { Room } from "./rooms/room.js";
import type { Rooms } from "./rooms/rooms.js";

/** A room as the application sees it. */
export interface RoomInfo {
  roomId: string;
  settings: RoomSettings;
  /** How many events its log has; 0 when nothing ever happened in it. */
  head: number;
}

/** What the application may set of a room. */
export interface ServerRoomPatch extends RoomPatch {
  /** For how many days its messages are kept, in place of the option `retention`; `null` takes that back. */
  retentionDays?: number | null | undefined;
}

/** A page of a list; `next` of the page before is what the next comes `after`. At most 200 at a time. */
export interface Page {
  after?: string | undefined;
  limit?: number | undefined;
}

/** A person to be made a member: with a name, or by their id alone until they come. */
export type NewMember = Profile | string;

/** Rooms and who belongs to them, in the hands of the application, which may do anything. All methods throw a `ChatError`, `invalid` for what does not fit the contract. */
export interface ChatRooms {
  /** Makes a room. @throws {ChatError} `conflict` when there is one by this id */
  create(roomId: string, room: ServerChange & { settings?: ServerRoomPatch | undefined; members?: readonly NewMember[] | undefined }): Promise<RoomInfo>;
  /** Changes how a room is run. */
  update(roomId: string, change: ServerChange & { settings: ServerRoomPatch }): Promise<RoomInfo>;
  /** A room; undefined when nothing ever happened in it. */
  get(roomId: string): Promise<RoomInfo | undefined>;
  /** The rooms that somebody set anything for, in the order of their ids. */
  list(page?: Page): Promise<{ rooms: RoomInfo[]; next?: string }>;
  /** The rooms that a user belongs to. */
  of(userId: string, page?: Page): Promise<{ rooms: ListedRoom[]; next?: string }>;
  /** Those who belong to a room. */
  members(roomId: string, page?: Page): Promise<{ members: Member[]; next?: string }>;
  /** Makes somebody a member, or another kind of one. */
  addMember(roomId: string, change: ServerChange & { user: NewMember; role?: "member" | "moderator" | undefined }): Promise<void>;
  /** Ends somebody's membership. */
  removeMember(roomId: string, change: ServerChange & { userId: string }): Promise<void>;
  /** The id of the private room of two, which is made if it is not there. */
  direct(user: Profile, otherId: string): Promise<string>;
  /** The id of the private room of a visitor and those who moderate, which is made if it is not there. */
  support(user: Profile): Promise<string>;
}

interface ChatRoomsOptions {
  /** @throws {ChatError} `unavailable` while there is no store */
  rooms: () => Promise<Rooms>;
  clock: Clock;
}

const mostListed = 200;

export function createChatRooms({ rooms, clock }: ChatRoomsOptions): ChatRooms {
  const within = async <T>(roomId: string, run: (room: Room) => Promise<T>): Promise<T> => {
    const room = (await rooms()).get(check(RoomId, roomId, "the id of the room"));
    return room.keep(() => run(room));
  };
  const change = ({ by, id }: ServerChange) => ({ by: check(UserId, by, "`by`"), id: id ?? uuidv7({ msecs: clock.now() }) });
  const info = async (room: Room): Promise<RoomInfo> => ({ roomId: room.id, settings: await room.state.settings(), head: await room.feed.readHead() });
  const update = async (room: Room, by: ServerChange, settings: ServerRoomPatch, isNew = false): Promise<void> => {
    await room.changes.settings({ ...change(by), patch: checkSettings(settings), isNew });
  };
  const add = (room: Room, by: ServerChange, person: NewMember, role: Member["role"]): Promise<unknown> => {
    const user = typeof person === "string" ? undefined : check(Profile, person, "the member");
    const userId = user?.id ?? check(UserId, person, "the member");
    return room.changes.member({ ...change(by), userId, profile: user, change: "joined", patch: { role } });
  };
  return {
    create: (roomId, { settings, members = [], ...by }) =>
      within(roomId, async (room) => {
        if ((await room.feed.readHead()) > 0) throw new ChatError("conflict", "unable to make the room; there is one by this id");
        await update(room, by, settings ?? {}, true);
        for (const member of members) await add(room, { by: by.by }, member, "member");
        return info(room);
      }),
    update: (roomId, { settings, ...by }) =>
      within(roomId, async (room) => {
        await update(room, by, settings);
        return info(room);
      }),
    get: (roomId) =>
      within(roomId, async (room) => {
        const found = await info(room);
        return found.head === 0 ? undefined : found;
      }),
    list: async (page) => (await rooms()).lists.rooms(pageOf(page, RoomId)),
    of: async (userId, page) => (await rooms()).lists.roomsOf(check(UserId, userId, "the id of the user"), pageOf(page, RoomId)),
    members: async (roomId, page) => (await rooms()).lists.members(check(RoomId, roomId, "the id of the room"), pageOf(page, UserId)),
    addMember: (roomId, { user, role = "member", ...by }) => within(roomId, async (room) => void (await add(room, by, user, role))),
    removeMember: (roomId, { userId, ...by }) =>
      within(roomId, async (room) => void (await room.changes.member({ ...change(by), userId: check(UserId, userId, "the id of the user"), change: "left", patch: { role: null } }))),
    async direct(user, otherId) {
      const [profile, other] = [check(Profile, user, "the user"), check(UserId, otherId, "the id of the other one")];
      if (profile.id === other) throw new ChatError("invalid", "unable to open a direct room; the other one is the same");
      return within((await rooms()).privateIds.direct(profile.id, other), (room) => opened(room, profile, [other]));
    },
    async support(user) {
      const profile = check(Profile, user, "the user");
      return within((await rooms()).privateIds.support(profile.id), (room) => opened(room, profile, []));
    },
  };
}

async function opened(room: Room, user: Profile, otherIds: readonly string[]): Promise<string> {
  await room.changes.open(user, otherIds);
  return room.id;
}

function checkSettings({ retentionDays, ...settings }: ServerRoomPatch): ServerRoomPatch {
  const isDays = retentionDays === undefined || retentionDays === null || (Number.isFinite(retentionDays) && retentionDays > 0);
  if (!isDays) throw misfit("`retentionDays`");
  return { ...check(RoomPatch, settings, "`settings`"), ...(retentionDays !== undefined && { retentionDays }) };
}

function pageOf({ after, limit = 50 }: Page = {}, Id: typeof RoomId | typeof UserId): { after?: string; limit: number } {
  if (!Number.isSafeInteger(limit) || limit < 1) throw misfit("`limit`");
  return { limit: Math.min(limit, mostListed), ...(after !== undefined && { after: check(Id, after, "`after`") }) };
}

function check<T>(schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } }, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw misfit(what);
  return parsed.data;
}

function misfit(what: string): ChatError {
  return new ChatError("invalid", `unable to do this to a room; ${what} does not fit the contract`);
}
