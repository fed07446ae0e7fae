import { type ListedRoom, Member, RoomSettings } from "@chat-widget/protocol";
import type { Clock } from "../../clock.js";
import { partsOf, recordKey } from "../../stores/records.js";
import { type SettingsSource, membersCollection, readMembersOf, readSettingsOf, roomsCollection, roomsOfCollection } from "../state/room-records.js";

/** Unread messages are counted up to this. */
const mostUnread = 100;

interface Page {
  /** Only those after this one. */
  after?: string | undefined;
  limit: number;
}

interface RoomListsOptions extends SettingsSource {
  epoch: string;
  clock: Clock;
}

/** Lists that come from the store as they are asked for: who belongs to a room, and to which rooms somebody does. */
export class RoomLists {
  readonly #options: RoomListsOptions;

  constructor(options: RoomListsOptions) {
    this.#options = options;
  }

  /** The rooms that somebody set anything for. */
  async rooms({ after, limit }: Page): Promise<{ rooms: { roomId: string; settings: RoomSettings; head: number }[]; next?: string }> {
    const { store } = this.#options;
    const records = await store.records(roomsCollection, { limit, ...(after !== undefined && { after }) });
    const heads = await store.heads(records.map(({ key }) => key));
    const rooms = records.map(({ key, value }, index) => ({ roomId: key, settings: RoomSettings.parse(value), head: heads[index] ?? 0 }));
    return { rooms, ...nextOf(records, limit) };
  }

  /** Those who belong to a room; `next` when there may be more after it. */
  async members(roomId: string, { after, limit }: Page): Promise<{ members: Member[]; next?: string }> {
    const records = await this.#options.store.records(membersCollection, { under: roomId, limit, ...(after !== undefined && { after: recordKey(roomId, after) }) });
    const members = records.map(({ value }) => Member.parse(value)).filter(({ role }) => role !== undefined);
    return { members, ...nextOf(records, limit) };
  }

  /** The first of some rooms in which there was ever anything. */
  async begun(roomIds: readonly string[]): Promise<string | undefined> {
    const heads = await this.#options.store.heads(roomIds);
    return roomIds.find((_, index) => (heads[index] ?? 0) > 0);
  }

  /** The rooms that somebody belongs to and may be in. */
  async roomsOf(userId: string, { after, limit }: Page): Promise<{ rooms: ListedRoom[]; next?: string }> {
    const { store, epoch, clock } = this.#options;
    const records = await store.records(roomsOfCollection, { under: userId, limit, ...(after !== undefined && { after: recordKey(userId, after) }) });
    const roomIds = records.flatMap(({ key }) => partsOf(key).at(-1) ?? []);
    const [settings, members, heads, reading] = await Promise.all([
      readSettingsOf(this.#options, roomIds),
      readMembersOf(store, roomIds, userId),
      store.heads(roomIds),
      store.reading(userId, roomIds, mostUnread),
    ]);
    const rooms = roomIds.flatMap((roomId, index): ListedRoom[] => {
      const [room, member] = [settings[index], members.get(roomId)];
      if (room === undefined || member === undefined || (member.bannedUntil ?? 0) > clock.now()) return [];
      const { seq, unread, mentions } = reading[index] ?? { seq: 0, unread: 0, mentions: 0 };
      return [{ roomId, settings: room, member, epoch, head: heads[index] ?? 0, readSeq: seq, unreadCount: unread, unreadMentionCount: mentions }];
    });
    return { rooms, ...nextOf(records, limit) };
  }
}

function nextOf(records: readonly { key: string }[], limit: number): { next?: string } {
  const last = records.length < limit ? undefined : records.at(-1);
  return last === undefined ? {} : { next: partsOf(last.key).at(-1) ?? "" };
}
