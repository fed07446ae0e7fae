import type { CommandInput, CommandName, CommandOutput, RoomEvent } from "@chat-widget/protocol";
import type { ModerationDesk } from "../moderation/desk.js";
import type { Room } from "../rooms/room.js";
import type { MemberChange } from "../rooms/state/room-changes.js";
import { type CommandContext, demand } from "./command-context.js";
import { demandRank } from "./keeper.js";

/** How long one stays away who was put out: their client would be back at once. */
export const kickMs = 10_000;
/** The last time there is. */
const forGood = 8_640_000_000_000_000;

type About = CommandInput<"member:kick">;
type Output = CommandOutput<"member:kick">;

/** What somebody decides about a person in a room. */
export interface MemberDecision {
  by: string;
  /** A UUID of version 7. The same one asked twice is one decision. */
  id: string;
  userId: string;
  change: "muted" | "unmuted" | "banned" | "unbanned" | "kicked";
  /** Until when it holds, where it is not for good. */
  until?: number | undefined;
  reason?: string | undefined;
}

export function muteMember(context: CommandContext, { forMs, ...about }: CommandInput<"member:mute">): Promise<Output> {
  return decide(context, "member:mute", about, "muted", forMs);
}

export function unmuteMember(context: CommandContext, about: About): Promise<Output> {
  return decide(context, "member:unmute", about, "unmuted");
}

export function banMember(context: CommandContext, { forMs, ...about }: CommandInput<"member:ban">): Promise<Output> {
  return decide(context, "member:ban", about, "banned", forMs);
}

export function unbanMember(context: CommandContext, about: About): Promise<Output> {
  return decide(context, "member:unban", about, "unbanned");
}

export function kickMember(context: CommandContext, about: About): Promise<Output> {
  return decide(context, "member:kick", about, "kicked", kickMs);
}

async function decide(context: CommandContext, command: CommandName, { roomId, id, userId, reason }: About, change: MemberDecision["change"], forMs?: number): Promise<Output> {
  const { rooms, desk, clock, user } = context;
  await demand(context, roomId, command, { target: userId });
  const room = rooms.get(roomId);
  return room.keep(async () => {
    await demandRank(context, room, userId, command);
    const until = forMs === undefined ? undefined : clock.now() + forMs;
    const event = await decideAbout(room, desk, { by: user.id, id, userId, change, until, reason }, clock.now());
    return event === undefined ? {} : { event };
  });
}

/** Does what was decided and notes it with the reason, which the room is not told. Gives the event; undefined when it is like this already. */
export async function decideAbout(room: Room, desk: ModerationDesk, { by, id, userId, change, until, reason }: MemberDecision, now: number): Promise<RoomEvent | undefined> {
  const before = await room.event(id);
  // It was done and its answer lost; the time it would hold for now is another.
  if (before?.type === "member.changed" && before.by === by && before.change === change && before.member.user.id === userId) return before;
  const member = await room.state.member(userId);
  // Who may not come back anyway is not let in sooner.
  if (change === "kicked" && (member?.bannedUntil ?? 0) > (until ?? now)) return undefined;
  const deed = { action: `member.${change}`, by, roomId: room.id, userId, ...(until !== undefined && { until }), ...(reason !== undefined && { reason }) };
  const profile = member?.user ?? room.presence.snapshot().users.find((user) => user.id === userId);
  return room.changes.member({ by, id, userId, profile, change, patch: patchOf(change, until), records: desk.audit.note(deed) });
}

function patchOf(change: MemberDecision["change"], until = forGood): MemberChange["patch"] {
  switch (change) {
    case "muted":
      return { mutedUntil: until };
    case "unmuted":
      return { mutedUntil: null };
    case "banned":
    case "kicked":
      return { bannedUntil: until };
    case "unbanned":
      return { bannedUntil: null };
  }
}
