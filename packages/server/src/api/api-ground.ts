import type { ChatRoom } from "../chat-room.js";

/** What the HTTP API does things with. */
export interface ApiGround {
  room(roomId: string): ChatRoom;
  disconnect(userId: string): void;
}
