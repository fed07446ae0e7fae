import type { CommandInput, CommandName, CommandOutput } from "@chat-widget/protocol";
import type { Room } from "../rooms/room.js";
import { type Uploads, presentIds } from "../uploads/uploads.js";
import { type CommandContext, openRoom, refuseFiles } from "./command-context.js";

interface OpenUploads {
  uploads: Uploads;
  room: Room;
  owner: { userId: string; roomId: string };
}

export async function requestUpload(context: CommandContext, { roomId, name, size }: CommandInput<"upload:request">): Promise<CommandOutput<"upload:request">> {
  const { uploads, owner } = await openUploads(context, roomId, "upload:request");
  return uploads.request(owner, name, size);
}

export async function finishUpload(context: CommandContext, { roomId, uploadId }: CommandInput<"upload:finish">): Promise<CommandOutput<"upload:finish">> {
  const { uploads, owner } = await openUploads(context, roomId, "upload:finish");
  return { attachment: await uploads.finish(owner, uploadId) };
}

export async function cancelUpload(context: CommandContext, { roomId, uploadId }: CommandInput<"upload:cancel">): Promise<CommandOutput<"upload:cancel">> {
  const { uploads, owner } = await openUploads(context, roomId, "upload:cancel");
  await uploads.cancel(owner, uploadId);
  return {};
}

export async function readFiles(context: CommandContext, { roomId, ids }: CommandInput<"upload:read">): Promise<CommandOutput<"upload:read">> {
  const { uploads, room, owner } = await openUploads(context, roomId, "upload:read");
  return { files: await uploads.read(owner, ids, async (messageIds) => presentIds(await room.messages(messageIds))) };
}

/** @throws {ChatError} `forbidden` where the user may not, or no files are taken */
async function openUploads(context: CommandContext, roomId: string, command: CommandName): Promise<OpenUploads> {
  const room = await openRoom(context, roomId, command);
  return { uploads: context.uploads ?? refuseFiles(), room, owner: { userId: context.user.id, roomId } };
}
