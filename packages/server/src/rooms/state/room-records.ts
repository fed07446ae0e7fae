import { Member, RoomSettings } from "@chat-widget/protocol";
import * as z from "zod/mini";
import type { ChatStore } from "../../stores/chat-store.js";
import { type RecordWrite, partsOf, recordKey } from "../../stores/records.js";

type NewRecord = Omit<RecordWrite, "expect">;

/** The settings of rooms that somebody set anything for, by room. */
export const roomsCollection = "rooms";
/** What people are to rooms, by room and user; of most people nothing is kept. */
export const membersCollection = "members";
/** The rooms that people belong to, by user and room. */
export const roomsOfCollection = "rooms-of";

/** The rooms that keep their messages for a time of their own. */
const retentionCollection = "rooms-retention";
const RetentionRecord = z.object({ days: z.number() });
const pageSize = 1_000;

/** Where settings come from. */
export interface SettingsSource {
  store: ChatStore;
  /** Of a room that nobody set anything for. */
  defaults: RoomSettings;
}

/** The settings of a room as the store has them. */
export async function readSettings(source: SettingsSource, roomId: string): Promise<RoomSettings> {
  const [settings = source.defaults] = await readSettingsOf(source, [roomId]);
  return settings;
}

/** The settings of many rooms, at most 1 000, in the order asked. */
export async function readSettingsOf({ store, defaults }: SettingsSource, roomIds: readonly string[]): Promise<RoomSettings[]> {
  const records = await store.records(roomsCollection, { keys: roomIds });
  const byRoom = new Map(records.map(({ key, value }) => [key, RoomSettings.parse(value)]));
  return roomIds.map((roomId) => byRoom.get(roomId) ?? defaults);
}

/** What somebody is to many rooms, at most 1 000, by room. */
export async function readMembersOf(store: ChatStore, roomIds: readonly string[], userId: string): Promise<Map<string, Member>> {
  const records = await store.records(membersCollection, { keys: roomIds.map((roomId) => recordKey(roomId, userId)) });
  return new Map(records.map(({ key, value }) => [partsOf(key)[0] ?? "", Member.parse(value)]));
}

/** What people are to a room as the store has it, by user; at most 1 000 at a time. Of whom nothing is kept is left out. */
export async function readMembers(store: ChatStore, roomId: string, userIds: readonly string[]): Promise<Map<string, Member>> {
  const records = await store.records(membersCollection, { keys: userIds.map((userId) => recordKey(roomId, userId)) });
  const members = records.map(({ value }) => Member.parse(value));
  return new Map(members.map((member) => [member.user.id, member]));
}

/** What is written with the event of new settings. */
export function recordsOfSettings(roomId: string, settings: RoomSettings): NewRecord[] {
  const { retentionDays } = settings;
  return [
    { collection: roomsCollection, key: roomId, value: settings },
    { collection: retentionCollection, key: roomId, ...(retentionDays !== undefined && { value: { days: retentionDays } }) },
  ];
}

/** For how many days rooms keep their messages that have a time of their own, by room. */
export async function readRetention(store: ChatStore): Promise<Map<string, number>> {
  const days = new Map<string, number>();
  for (let after = ""; ; ) {
    const records = await store.records(retentionCollection, { after, limit: pageSize });
    for (const { key, value } of records) days.set(key, RetentionRecord.parse(value).days);
    const last = records.at(-1);
    if (last === undefined || records.length < pageSize) return days;
    after = last.key;
  }
}

/** What is written with the event of a changed member. Of whom there is nothing to say, nothing is kept. */
export function recordsOfMember(roomId: string, member: Member): NewRecord[] {
  const { user, role, mutedUntil, bannedUntil } = member;
  const isKept = role !== undefined || mutedUntil !== undefined || bannedUntil !== undefined;
  return [
    { collection: membersCollection, key: recordKey(roomId, user.id), ...(isKept && { value: member }) },
    { collection: roomsOfCollection, key: recordKey(user.id, roomId), ...(role !== undefined && { value: { roomId } }) },
  ];
}
