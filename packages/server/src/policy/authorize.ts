import { ChatError, type CommandName, type Message, type Permission, type Role, type User } from "@chat-widget/protocol";
import { type Clock, withDeadline } from "../clock.js";

/** What an {@link Authorize} is asked. */
export interface AuthorizeRequest {
  /** Who asks. */
  user: User;
  roomId: string;
  command: CommandName;
  /** The message that a command would change; missing when only asked what the user may do in general. */
  message?: Message;
}

/** Decides whether a user may do something; `undefined` leaves it to the default policy, and anything but `true` refuses. */
export type Authorize = (request: AuthorizeRequest) => boolean | undefined | Promise<boolean | undefined>;

/** How long an `authorize` may take. */
const deadlineMs = 10_000;

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
  readonly #clock: Clock;

  constructor(authorize: Authorize | undefined, clock: Clock) {
    this.#authorize = authorize;
    this.#clock = clock;
  }

  /** Returns when the user may. @throws {ChatError} `forbidden`, or `unavailable` when the application cannot decide */
  async demand(request: AuthorizeRequest): Promise<void> {
    if (!(await this.#verdict(request) ?? isAllowedByDefault(request))) {
      throw new ChatError("forbidden", `unable to run ${request.command}; it is not allowed in this room`);
    }
  }

  /** False when a user may not be in a room; true also when the application cannot say. */
  async mayJoin(user: User, roomId: string): Promise<boolean> {
    return this.demand({ user, roomId, command: "room:join" }).then(
      () => true,
      (error: unknown) => !(ChatError.is(error) && error.code === "forbidden"),
    );
  }

  /** What a client may offer its user in a room; every command is decided again when it is asked. */
  async permissions(user: User, roomId: string): Promise<Permission[]> {
    const granted: Permission[] = [];
    for (const [permission, command] of examples) {
      if (await this.#verdict({ user, roomId, command }) ?? hasPermission(user, permission)) granted.push(permission);
    }
    if (granted.includes("delete-own") && hasPermission(user, "delete-any")) granted.push("delete-any");
    return granted;
  }

  /** What the application says; an application in JavaScript may say anything, and only `true` allows. */
  async #verdict(request: AuthorizeRequest): Promise<boolean | undefined> {
    const authorize = this.#authorize;
    if (authorize === undefined) return undefined;
    try {
      const asked = (async (): Promise<unknown> => authorize(request))();
      const verdict = await withDeadline(this.#clock, deadlineMs, asked, () => new Error("`authorize` took too long"));
      return verdict === undefined ? undefined : verdict === true;
    } catch (cause) {
      if (ChatError.is(cause)) throw cause;
      throw new ChatError("unavailable", "unable to decide whether this is allowed; try again", { cause });
    }
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
