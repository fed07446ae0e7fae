import type { ChatRoom } from "../chat-room.js";
import type { ChatUsers } from "../chat-users.js";

/** What the HTTP API does things with. */
export interface ApiGround {
  room(roomId: string): ChatRoom;
  users: ChatUsers;
  disconnect(userId: string): void;
}
