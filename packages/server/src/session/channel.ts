/** The Socket.IO room of everyone who has a chat room open; no socket id and no user can have this name. */
export function channelOf(roomId: string): string {
  return `room:${roomId}`;
}
