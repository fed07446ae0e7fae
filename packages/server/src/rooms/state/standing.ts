import type { Member, RoomSettings } from "@chat-widget/protocol";

/** What decides what somebody may do in a room, besides who they are. */
export interface Standing {
  /** How the room is run. */
  room: RoomSettings;
  /** What they are to it; missing when there is nothing to say of them. */
  member?: Member;
}

/** Somebody, as far as rooms tell people apart. */
export interface Person {
  id: string;
  /** Who else they were; they are to a room what any of these is. */
  formerIds?: readonly string[] | undefined;
}

/** Under which ids somebody may be known to a room. */
export function idsOf({ id, formerIds = [] }: Person): string[] {
  return [id, ...formerIds];
}

/** What somebody is to a room who may be known by several ids: the most that any of them is, and what is forbidden to any of them. */
export function standingOf(room: RoomSettings, members: readonly Member[]): Standing {
  const [first] = members;
  if (first === undefined) return { room };
  const role = members.find((member) => member.role === "moderator")?.role ?? members.find((member) => member.role !== undefined)?.role;
  const latest = (times: readonly (number | undefined)[]) => Math.max(0, ...times.map((time) => time ?? 0));
  const mutedUntil = latest(members.map((member) => member.mutedUntil));
  const bannedUntil = latest(members.map((member) => member.bannedUntil));
  return { room, member: { user: first.user, ...(role !== undefined && { role }), ...(mutedUntil > 0 && { mutedUntil }), ...(bannedUntil > 0 && { bannedUntil }) } };
}
