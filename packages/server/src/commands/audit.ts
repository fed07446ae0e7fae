import type { CommandInput, CommandOutput } from "@chat-widget/protocol";
import type { CommandContext } from "./command-context.js";
import { demandKeeper, ofKeptRooms } from "./keeper.js";

export async function readAudit(context: CommandContext, { roomId, before, limit }: CommandInput<"audit:read">): Promise<CommandOutput<"audit:read">> {
  await demandKeeper(context, roomId, "audit:read");
  const size = context.pageSize(limit);
  const entries = await context.desk.audit.read({ roomId, before, limit: size });
  const last = entries.at(-1);
  return { entries: await ofKeptRooms(context, "audit:read", entries), ...(last !== undefined && entries.length === size && { next: last.id }) };
}
