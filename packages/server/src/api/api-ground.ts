import type { ChatModeration } from "../chat-moderation.js";
import type { ChatRoom } from "../chat-room.js";
import type { ChatRooms } from "../chat-rooms.js";
import type { ChatUsers } from "../chat-users.js";

/** What the HTTP API does things with. */
export interface ApiGround {
  room(roomId: string): ChatRoom;
  rooms: ChatRooms;
  users: ChatUsers;
  moderation: ChatModeration;
  disconnect(userId: string): void;
  revoke(userId: string, options?: { before?: number }): Promise<void>;
}
