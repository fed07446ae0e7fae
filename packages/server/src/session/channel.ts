/** The Socket.IO room of everyone who has a chat room open; no socket id and no user can have this name. */
export function channelOf(roomId: string): string {
  return `room:${roomId}`;
}

/** That of everyone who moderates the whole chat. */
export const keepersChannel = "keepers";

/** That of everyone who has a chat room open and may moderate it. */
export function keepersOf(roomId: string): string {
  return `keepers:${roomId}`;
}
