import type { CommandName, Member, Message, Permission, Role, User } from "@chat-widget/protocol";
import { type Standing, idsOf } from "../rooms/state/standing.js";

const visitors: readonly Permission[] = ["read", "send", "attach", "react", "edit-own", "delete-own", "publish"];
const everyone: readonly Permission[] = [...visitors, "open-direct"];
const keepersOfRoom: readonly Permission[] = ["delete-any", "pin", "read-history", "moderate", "manage-room", "manage-members"];
const keepers: readonly Permission[] = [...everyone, ...keepersOfRoom];

/** What each role of the application may do in rooms, where the application says nothing else. */
export const permissionsOfRole: Record<Role, readonly Permission[]> = { guest: visitors, member: everyone, bot: visitors, moderator: keepers, admin: keepers };

/** What belonging to a room adds in that room. */
export const permissionsOfMember: Record<NonNullable<Member["role"]>, readonly Permission[]> = { member: [], moderator: keepersOfRoom };

/** What only those may do whom `writers` names. */
const writing: readonly Permission[] = ["send", "attach", "publish"];

/** What nobody may do in a room that is locked, but those who may moderate it. */
export const closedByLock: readonly Permission[] = ["send", "attach", "react", "edit-own", "publish"];

/** What a command needs; changing what others wrote needs more. */
export const permissionOfCommand = {
  "room:join": "read",
  "room:leave": "read",
  "room:sync": "read",
  "history:read": "read",
  "message:read": "read",
  "message:search": "read",
  "receipt:move": "read",
  "typing:set": "send",
  "room:write": "read",
  "message:send": "send",
  "message:edit": "edit-own",
  "message:delete": "delete-own",
  "reaction:add": "react",
  "reaction:remove": "react",
  "message:pin": "pin",
  "message:unpin": "pin",
  "pins:read": "read",
  "thread:positions": "read",
  "thread:mark": "read",
  "message:history": "read-history",
  "upload:request": "attach",
  "upload:finish": "attach",
  "upload:cancel": "attach",
  "upload:read": "read",
  "room:update": "manage-room",
  "room:list": "read",
  "room:members": "read",
  "room:open-direct": "open-direct",
  "room:open-support": "read",
  "member:add": "manage-members",
  "member:remove": "manage-members",
  "member:set-role": "manage-members",
  "member:leave": "read",
  "invite:create": "manage-members",
  "invite:accept": "read",
  "message:report": "read",
  "report:list": "moderate",
  "report:resolve": "moderate",
  "audit:read": "moderate",
  "member:mute": "moderate",
  "member:unmute": "moderate",
  "member:ban": "moderate",
  "member:unban": "moderate",
  "member:kick": "moderate",
  "event:publish": "publish",
  "event:whisper": "publish",
  "event:read": "read",
  "stream:read": "read",
  "session:refresh": "read",
} as const satisfies Record<CommandName, Permission>;

/** By which somebody comes to belong to a private room. */
const entering: ReadonlySet<CommandName> = new Set(["room:open-direct", "room:open-support", "invite:accept"]);

/** What is decided about one command. */
export interface Decided extends Standing {
  user: User;
  command: CommandName;
  /** The message it would change. */
  message?: Message;
}

/** Whether the default policy allows a command. */
export function isAllowedByDefault({ user, command, message, room, member }: Decided, now: number): boolean {
  // Who comes to belong to a room does not yet.
  const asked: Standing = { room: entering.has(command) ? { ...room, access: "open" } : room, ...(member !== undefined && { member }) };
  const permissions = permissionsByDefault(user, asked, now);
  const isOwn = message === undefined || idsOf(user).includes(message.author.id);
  if (command === "message:history" && message !== undefined && isOwn) return permissions.has("read");
  if (isOwn) return permissions.has(permissionOfCommand[command]);
  if (command === "message:edit") return false;
  return permissions.has(command === "message:delete" ? "delete-any" : permissionOfCommand[command]);
}

/** What the default policy lets a user do in a room. */
export function permissionsByDefault(user: User, { room, member }: Standing, now: number): Set<Permission> {
  if (isBanned({ member }, now)) return new Set();
  const granted = new Set(user.roles.flatMap((role) => permissionsOfRole[role]));
  if (member?.role !== undefined) for (const permission of permissionsOfMember[member.role]) granted.add(permission);
  if (granted.has("moderate")) return granted;
  if (room.access === "private" && member?.role === undefined) return new Set();
  if (room.writers === "moderators" || (room.writers === "members" && member?.role === undefined)) for (const permission of writing) granted.delete(permission);
  if (room.isLocked) for (const permission of closedByLock) granted.delete(permission);
  return granted;
}

/** Whether somebody may not be in a room until a time that is still to come. */
export function isBanned({ member }: { member?: Member | undefined }, now: number): boolean {
  return member?.bannedUntil !== undefined && member.bannedUntil > now;
}
