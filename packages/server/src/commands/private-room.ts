import { ChatError, type CommandInput, type CommandOutput } from "@chat-widget/protocol";
import { idsOf } from "../rooms/state/standing.js";
import { type CommandContext, demand } from "./command-context.js";
import { profileOf } from "./profile.js";

export async function openDirect(context: CommandContext, { userId }: CommandInput<"room:open-direct">): Promise<CommandOutput<"room:open-direct">> {
  const { user, rooms } = context;
  if (userId === user.id) throw new ChatError("invalid", "unable to open a direct room; the other one is the caller");
  const room = rooms.get(rooms.privateIds.direct(user.id, userId));
  return room.keep(async () => {
    await demand(context, room.id, "room:open-direct", { target: userId });
    await room.changes.open(profileOf(user), [userId]);
    return { roomId: room.id };
  });
}

export async function openSupport(context: CommandContext): Promise<CommandOutput<"room:open-support">> {
  const { user, rooms } = context;
  const ids = idsOf(user).map((userId) => rooms.privateIds.support(userId));
  // Who came as a guest goes on where the guest was.
  const known = await rooms.lists.begun(ids);
  const room = rooms.get(known ?? rooms.privateIds.support(user.id));
  return room.keep(async () => {
    await demand(context, room.id, "room:open-support");
    await room.changes.open(profileOf(user), []);
    return { roomId: room.id };
  });
}
