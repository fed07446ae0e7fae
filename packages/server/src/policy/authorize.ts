import { ChatError, type CommandName, type Message, type Permission, type Role, type User } from "@chat-widget/protocol";

/** What an {@link Authorize} is asked. */
export interface AuthorizeRequest {
  /** Who asks. */
  user: User;
  roomId: string;
  command: CommandName;
  /** The message that a command would change; missing when only asked what the user may do in general. */
  message?: Message;
}

/** Decides whether a user may do something; `undefined` leaves it to the default policy. */
export type Authorize = (request: AuthorizeRequest) => boolean | undefined | Promise<boolean | undefined>;

const everyone: readonly Permission[] = ["read", "send", "react", "edit-own", "delete-own"];
const keepers: readonly Permission[] = [...everyone, "delete-any"];

/** What each role may do where the application says nothing else. */
const permissionsOfRole: Record<Role, readonly Permission[]> = { guest: everyone, member: everyone, bot: everyone, moderator: keepers, admin: keepers };

/** What a command needs; changing what others wrote needs more. */
const permissionOfCommand = {
  "room:join": "read",
  "room:leave": "read",
  "room:sync": "read",
  "history:read": "read",
  "message:read": "read",
  "receipt:move": "read",
  "typing:set": "send",
  "room:write": "read",
  "message:send": "send",
  "message:edit": "edit-own",
  "message:delete": "delete-own",
  "reaction:add": "react",
  "reaction:remove": "react",
  "session:refresh": "read",
} as const satisfies Record<CommandName, Permission>;

/** The command by which each permission is asked for when a room is joined. */
const examples: readonly (readonly [Permission, CommandName])[] = [
  ["read", "room:join"],
  ["send", "message:send"],
  ["react", "reaction:add"],
  ["edit-own", "message:edit"],
  ["delete-own", "message:delete"],
];

/** Who may do what: the application's rules where it has any, the default policy elsewhere. */
export class Policy {
  readonly #authorize: Authorize | undefined;

  constructor(authorize: Authorize | undefined) {
    this.#authorize = authorize;
  }

  /** Returns when the user may. @throws {ChatError} `forbidden` */
  async demand(request: AuthorizeRequest): Promise<void> {
    const verdict = await this.#authorize?.(request);
    if (!(verdict ?? isAllowedByDefault(request))) {
      throw new ChatError("forbidden", `unable to run ${request.command}; it is not allowed in this room`);
    }
  }

  /** What a client may offer its user in a room; every command is decided again when it is asked. */
  async permissions(user: User, roomId: string): Promise<Permission[]> {
    const granted: Permission[] = [];
    for (const [permission, command] of examples) {
      const verdict = await this.#authorize?.({ user, roomId, command });
      if (verdict ?? hasPermission(user, permission)) granted.push(permission);
    }
    if (granted.includes("delete-own") && hasPermission(user, "delete-any")) granted.push("delete-any");
    return granted;
  }
}

function isAllowedByDefault({ user, command, message }: AuthorizeRequest): boolean {
  const isOwn = message === undefined || message.author.id === user.id;
  if (command === "message:delete" && !isOwn) return hasPermission(user, "delete-any");
  if (command === "message:edit" && !isOwn) return false;
  return hasPermission(user, permissionOfCommand[command]);
}

function hasPermission(user: User, permission: Permission): boolean {
  return user.roles.some((role) => permissionsOfRole[role].includes(permission));
}
