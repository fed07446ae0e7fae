import { ChatError, type CommandInput, type CommandOutput, type Member } from "@chat-widget/protocol";
import type { Room } from "../rooms/room.js";
import type { MemberChange } from "../rooms/state/room-changes.js";
import { type CommandContext, demand } from "./command-context.js";
import { profileOf } from "./profile.js";
import { written } from "./room-settings.js";

/** What a client asks of one member. */
interface Asked {
  roomId: string;
  id: string;
  userId: string;
}

export function addMember(context: CommandContext, asked: CommandInput<"member:add">): Promise<CommandOutput<"member:add">> {
  // Who is a moderator already stays one.
  return change(context, "member:add", asked, (now) => ({ change: "joined", patch: { role: now?.role ?? "member" } }));
}

export function removeMember(context: CommandContext, asked: CommandInput<"member:remove">): Promise<CommandOutput<"member:remove">> {
  return change(context, "member:remove", asked, (now) => {
    refuseEqual(context, now);
    return { change: "left", patch: { role: null } };
  });
}

export function setRole(context: CommandContext, { role, ...asked }: CommandInput<"member:set-role">): Promise<CommandOutput<"member:set-role">> {
  return change(context, "member:set-role", asked, (now) => {
    if (asked.userId === context.user.id) throw new ChatError("forbidden", "unable to change the role; it is the caller's own");
    if (now?.role === undefined) throw new ChatError("not-found", "unable to change the role; there is no such member");
    if (role !== now.role) refuseEqual(context, now);
    return { change: "role", patch: { role } };
  });
}

/** Whoever belongs to a room may go, whatever else they may; for whoever does not, nothing happens. */
export async function leaveMembership({ user, rooms }: CommandContext, { roomId, id }: CommandInput<"member:leave">): Promise<CommandOutput<"member:leave">> {
  return written(await rooms.get(roomId).changes.member({ by: user.id, id, userId: user.id, profile: profileOf(user), change: "left", patch: { role: null } }));
}

type Change = Pick<MemberChange, "change" | "patch">;

async function change(context: CommandContext, command: "member:add" | "member:remove" | "member:set-role", { roomId, id, userId }: Asked, decide: (now: Member | undefined) => Change): Promise<CommandOutput<"member:add">> {
  await demand(context, roomId, command, { target: userId });
  const { desk, user } = context;
  const room: Room = context.rooms.get(roomId);
  return room.keep(async () => {
    const decision = decide(await room.state.member(userId));
    const records = desk.audit.note({ action: `member.${decision.change}`, by: user.id, roomId, userId });
    return written(await room.changes.member({ by: user.id, id, userId, ...decision, records }));
  });
}

/** Those who moderate only this room have no say over each other. @throws {ChatError} `forbidden` */
function refuseEqual({ user, policy }: CommandContext, now: Member | undefined): void {
  if (now?.role === "moderator" && now.user.id !== user.id && !policy.moderatesAll(user)) {
    throw new ChatError("forbidden", "unable to change a member; they moderate the room as well");
  }
}
