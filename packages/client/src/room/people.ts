import { roomCommands, type CommandInput, type Member, type RoomPatch } from "@chat-widget/protocol";
import { commandId } from "../outbox/command-id.js";
import type { ServerLink } from "../server-link.js";

/** A page of a list; `next` is given when there may be more, and is what the next page comes `after`. */
export interface PageOptions {
  after?: string;
  limit?: number;
}

/** Who belongs to a room, and how it is run. All methods reject with a {@link ChatError}, `forbidden` where the user may not. */
export interface RoomPeople {
  /** Those who belong to it, in the order of their ids. */
  list(page?: PageOptions): Promise<{ members: Member[]; next?: string | undefined }>;
  /** Makes somebody a member. */
  add(userId: string): Promise<void>;
  /** Ends somebody's membership. */
  remove(userId: string): Promise<void>;
  /** Changes what a member is in the room. */
  setRole(userId: string, role: "member" | "moderator"): Promise<void>;
  /** Ends the user's own membership. */
  leave(): Promise<void>;
  /** Makes a code by which others become members; for those who are invited and nobody else. */
  invite(options?: { validMs?: number; uses?: number }): Promise<{ code: string; expiresAt: number }>;
  /** Changes how the room is run. */
  update(settings: RoomPatch): Promise<void>;
}

/** Asks the server, each time with an id of its own. */
export function peopleOf(roomId: string, connection: ServerLink): RoomPeople {
  const change = () => ({ roomId, id: commandId() });
  return {
    list: (page = {}) => connection.request("room:members", { roomId, ...page }, roomCommands["room:members"]),
    add: async (userId) => void (await connection.request("member:add", { ...change(), userId }, roomCommands["member:add"])),
    remove: async (userId) => void (await connection.request("member:remove", { ...change(), userId }, roomCommands["member:remove"])),
    setRole: async (userId, role) => void (await connection.request("member:set-role", { ...change(), userId, role }, roomCommands["member:set-role"])),
    leave: async () => void (await connection.request("member:leave", change(), roomCommands["member:leave"])),
    invite: (options: Omit<CommandInput<"invite:create">, "roomId"> = {}) => connection.request("invite:create", { roomId, ...options }, roomCommands["invite:create"]),
    update: async (settings) => void (await connection.request("room:update", { ...change(), settings }, roomCommands["room:update"])),
  };
}
