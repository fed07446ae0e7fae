import type { NodeMessage, Tell } from "../nodes/node-message.js";
import type { Room } from "./room.js";

interface Heard {
  nodeId: string;
  message: NodeMessage;
  /** A room that somebody here has open. */
  roomOf(roomId: string): Room | undefined;
  /** A room in which something is being written here, whether or not somebody has it open. */
  writtenIn(roomId: string): Room | undefined;
  /** All rooms that somebody here has open. */
  rooms(): Room[];
  tell: Tell;
}

/** Does what another node's word asks for. */
export function hearNode({ nodeId, message, roomOf, writtenIn, rooms, tell }: Heard): void {
  switch (message.kind) {
    case "events":
      return roomOf(message.roomId)?.feed.offer(message.events);
    case "heads":
      for (const { roomId, seq } of message.heads) roomOf(roomId)?.feed.saw(seq);
      return;
    case "people":
      return roomOf(message.roomId)?.presence.hear(nodeId, message);
    case "people-wanted":
      for (const roomId of message.roomIds) roomOf(roomId)?.presence.tellNodes();
      return;
    case "typing":
      return roomOf(message.roomId)?.typing.hear(nodeId, message);
    case "whispers":
      return roomOf(message.roomId)?.whispers.hear(message.whispers);
    case "streams":
      return roomOf(message.roomId)?.streams.hear(message.parts);
    case "streams-wanted":
      return writtenIn(message.roomId)?.streams.tellNodes();
    case "receipts":
      return void roomOf(message.roomId)?.receipts.hear(message.receipts);
    case "probe":
      return compare(nodeId, new Map(message.rooms), rooms(), tell);
    case "records":
    case "reported":
    case "erased":
    case "disconnect":
    case "goodbye":
      return;
  }
}

/** Asks for the people of rooms whose last word was lost, and forgets those that nobody there has open any more. */
function compare(nodeId: string, versions: ReadonlyMap<string, number>, rooms: readonly Room[], tell: Tell): void {
  const wanted: string[] = [];
  for (const { id, presence } of rooms) {
    const version = versions.get(id);
    if (version === undefined) presence.forget(nodeId);
    else if (version > presence.versionOf(nodeId)) wanted.push(id);
  }
  if (wanted.length > 0) tell({ kind: "people-wanted", roomIds: wanted, of: nodeId });
}
