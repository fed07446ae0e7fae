import { pinCommands, versionCommands, type Message, type Version } from "@chat-widget/protocol";
import { commandId } from "../outbox/command-id.js";
import type { ThreadHost } from "./thread.js";

type Host = Pick<ThreadHost, "connection" | "room">;

/** Pins a message or takes the pin off; the log tells of it. */
export async function pin({ connection, room }: Host, messageId: string, on: boolean): Promise<void> {
  const name = on ? "message:pin" : "message:unpin";
  await connection.request(name, { roomId: room.id, id: commandId(), messageId }, pinCommands[name]);
}

/** The pinned messages of the room, the last pinned first. */
export async function readPins({ connection, room }: Host): Promise<Message[]> {
  return (await connection.request("pins:read", { roomId: room.id }, pinCommands["pins:read"])).messages;
}

/** What a message said since it was sent, oldest first. */
export async function readVersions({ connection, room }: Host, messageId: string): Promise<Version[]> {
  return (await connection.request("message:history", { roomId: room.id, messageId }, versionCommands["message:history"])).versions;
}
