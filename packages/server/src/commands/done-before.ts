import { isDeepStrictEqual } from "node:util";
import type { EventType, RoomEvent } from "@chat-widget/protocol";
import type { Room } from "../rooms/room.js";
import type { AnyWrite } from "./any-write.js";
import type { Writer } from "./draft.js";

const eventTypes: Record<AnyWrite["name"], EventType> = {
  "message:send": "message.sent",
  "message:edit": "message.edited",
  "message:delete": "message.deleted",
  "reaction:add": "reaction.added",
  "reaction:remove": "reaction.removed",
  "message:pin": "message.pinned",
  "message:unpin": "message.unpinned",
  "event:publish": "event.published",
};

/**
 * What a refused command became when it was asked before. It may have been done, its answer lost, and the world gone on:
 * an edit whose message was deleted since is refused as new and was none.
 */
export async function doneBefore({ profile, formerIds }: Writer, room: Room, write: AnyWrite): Promise<RoomEvent | undefined> {
  const event = await room.event(write.input.id);
  if (event === undefined || event.type !== eventTypes[write.name]) return undefined;
  const actor = "author" in event ? event.author.id : event.by;
  return (actor === profile.id || formerIds?.includes(actor)) && isOf(write, event) ? event : undefined;
}

/** Whether an event says what a command asks; the text of what was deleted since is gone. */
function isOf({ input }: AnyWrite, event: RoomEvent): boolean {
  const asked: Record<string, unknown> = { ...input };
  const told: Record<string, unknown> = { ...event };
  const isSame = (...names: string[]): boolean => names.every((name) => isDeepStrictEqual(asked[name], told[name]));
  if (event.type === "event.published") return isSame("name", "data");
  return isSame("messageId", "replyTo", "threadId", "alsoInRoom", "emoji", "publicReason") && (told["text"] === "" || isSame("text", "mentions"));
}
