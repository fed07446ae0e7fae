import { ChatError, type CommandInput, type CommandOutput, type Report } from "@chat-widget/protocol";
import { fitting } from "../rooms/answer-size.js";
import type { Room } from "../rooms/room.js";
import type { RecordWrite } from "../stores/records.js";
import { type CommandContext, openRoom, writerOf } from "./command-context.js";
import type { DraftedAppend } from "./draft.js";
import { demandKeeper, ofKeptRooms } from "./keeper.js";
import { draftDeletion, findMessage } from "./message.js";

export async function reportMessage(context: CommandContext, { roomId, messageId, reason, note }: CommandInput<"message:report">): Promise<CommandOutput<"message:report">> {
  const room = await openRoom(context, roomId, "message:report");
  const message = await findMessage(room, messageId);
  if (message.deletedAt !== undefined) throw new ChatError("conflict", "unable to report the message; it is deleted");
  const report = await context.desk.reports.file(roomId, message, { by: context.user.id, reason, note });
  if (report !== undefined) context.desk.filed(report);
  return {};
}

export async function listReports(context: CommandContext, { roomId, after, limit }: CommandInput<"report:list">): Promise<CommandOutput<"report:list">> {
  await demandKeeper(context, roomId, "report:list");
  const size = context.pageSize(limit);
  const found = await context.desk.reports.list({ roomId, after, limit: size });
  const reports = fitting(found, 0);
  const last = reports.at(-1);
  const isAll = found.length < size && reports.length === found.length;
  return { reports: await ofKeptRooms(context, "report:list", reports), ...(last !== undefined && !isAll && { next: last.id }) };
}

export async function resolveReport(context: CommandContext, input: CommandInput<"report:resolve">): Promise<CommandOutput<"report:resolve">> {
  const { roomId, reportId, action, reason } = input;
  const { desk, rooms, user } = context;
  await demandKeeper(context, roomId, "report:resolve");
  const room = rooms.get(roomId);
  const decision = { by: user.id, action, reason };
  const commit = async (records: RecordWrite[], report: Report): Promise<void> => {
    const deletion = action === "deleted" ? await deletionOf(context, room, report, input) : undefined;
    if (deletion === undefined) return desk.reports.write(records);
    const [appended] = await room.append([{ ...deletion, records: [...(deletion.records ?? []), ...records] }]);
    if (appended?.outcome !== "stored") throw new ChatError("conflict", "unable to delete the message; the id was used for something else before");
  };
  return { report: await room.keep(() => desk.resolve(roomId, reportId, decision, commit)) };
}

/** Undefined when there is nothing left to delete. */
async function deletionOf(context: CommandContext, room: Room, { messageId }: Report, { roomId, id, reason }: CommandInput<"report:resolve">): Promise<DraftedAppend | undefined> {
  try {
    return await draftDeletion(writerOf(context), room, { roomId, id, messageId, ...(reason !== undefined && { reason }) });
  } catch (error) {
    if (ChatError.is(error) && error.code === "not-found") return undefined;
    throw error;
  }
}
