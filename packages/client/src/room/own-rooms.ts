import { roomCommands, type ListedRoom } from "@chat-widget/protocol";
import { commandId } from "../outbox/command-id.js";
import type { ServerLink } from "../server-link.js";
import type { PageOptions } from "./people.js";

/** The rooms of the user. All methods reject with a {@link ChatError}, `unavailable` while there is no connection. */
export interface OwnRooms {
  /** Those they belong to, with what is unread, in the order of their ids. */
  list(page?: PageOptions): Promise<{ rooms: ListedRoom[]; next?: string | undefined }>;
  /** The id of the private room with one other, which is made if it is not there. */
  openDirect(userId: string): Promise<string>;
  /** The id of the private room with those who moderate, which is made if it is not there. */
  openSupport(): Promise<string>;
  /** Takes an invitation. Gives the id of the room. */
  acceptInvite(code: string): Promise<string>;
}

export function ownRoomsOn(connection: ServerLink): OwnRooms {
  return {
    list: (page = {}) => connection.request("room:list", page, roomCommands["room:list"]),
    openDirect: async (userId) => (await connection.request("room:open-direct", { userId }, roomCommands["room:open-direct"])).roomId,
    openSupport: async () => (await connection.request("room:open-support", {}, roomCommands["room:open-support"])).roomId,
    acceptInvite: async (code) => (await connection.request("invite:accept", { id: commandId(), code }, roomCommands["invite:accept"])).roomId,
  };
}
