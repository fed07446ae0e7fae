import type { CommandInput, CommandOutput } from "@chat-widget/protocol";
import type { Room } from "../rooms/room.js";
import { publishedEvents } from "../rooms/published-events.js";
import type { Append } from "../stores/chat-store.js";
import { type CommandContext, openRoom } from "./command-context.js";
import { type Writer, appendOf } from "./draft.js";
import { profileOf } from "./profile.js";

/** Makes `event.published` of a wish to publish. */
export async function draftEvent(writer: Writer, room: Room, { id, name, data }: CommandInput<"event:publish">): Promise<Append> {
  await writer.demand(room, "event:publish", undefined, name);
  await writer.events.read(name, true, data);
  const append = appendOf(writer, { type: "event.published", id, name, author: writer.profile, data }, [name, JSON.stringify(data)]);
  return { ...append, listed: publishedEvents(room.id, name) };
}

export async function whisperEvent(context: CommandContext, { roomId, name, data }: CommandInput<"event:whisper">): Promise<CommandOutput<"event:whisper">> {
  const { events, user } = context;
  const room = await openRoom(context, roomId, "event:whisper", name);
  events.checkFrom(name, false);
  await events.read(name, false, data);
  room.whispers.whisper({ name, author: profileOf(user), data });
  return {};
}

export async function readEvents(context: CommandContext, { roomId, name, limit, ...place }: CommandInput<"event:read">): Promise<CommandOutput<"event:read">> {
  const room = await openRoom(context, roomId, "event:read", name);
  context.events.find(name, true);
  return room.published.read(name, { ...place, limit: context.pageSize(limit) });
}
