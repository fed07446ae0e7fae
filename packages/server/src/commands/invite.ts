import type { CommandInput, CommandOutput } from "@chat-widget/protocol";
import { type CommandContext, demand } from "./command-context.js";
import { profileOf } from "./profile.js";

/** How long an invitation is good that says nothing of it. */
const usualMs = 604_800_000;

export async function createInvite(context: CommandContext, { roomId, validMs = usualMs, uses }: CommandInput<"invite:create">): Promise<CommandOutput<"invite:create">> {
  await demand(context, roomId, "invite:create");
  return context.rooms.invites.create({ roomId, by: context.user.id, expiresAt: context.clock.now() + validMs, ...(uses !== undefined && { usesLeft: uses }) });
}

export async function acceptInvite(context: CommandContext, { id, code }: CommandInput<"invite:accept">): Promise<CommandOutput<"invite:accept">> {
  const { user, rooms } = context;
  const { roomId } = await rooms.invites.find(code);
  const room = rooms.get(roomId);
  return room.keep(async () => {
    const { member } = await demand(context, roomId, "invite:accept");
    if (member?.role !== undefined) return { roomId };
    await rooms.invites.use(code);
    await room.changes.member({ by: user.id, id, userId: user.id, profile: profileOf(user), change: "joined", patch: { role: "member" } });
    return { roomId };
  });
}
