import { ChatError, type CommandName, type Message, type Permission, type Role, type User } from "@chat-widget/protocol";
import { type Clock, withDeadline } from "../clock.js";
import type { Logger } from "../logger.js";

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

const everyone: readonly Permission[] = ["read", "send", "attach", "react", "edit-own", "delete-own"];
const keepers: readonly Permission[] = [...everyone, "delete-any", "pin", "read-history"];

/** What each role may do where the application says nothing else. */
const permissionsOfRole: Record<Role, readonly Permission[]> = { guest: everyone, member: everyone, bot: everyone, moderator: keepers, admin: keepers };

/** What a command needs; changing what others wrote needs more. */
const permissionOfCommand = {
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
  "session:refresh": "read",
  "upload:request": "attach",
  "upload:finish": "attach",
  "upload:cancel": "attach",
  "upload:read": "read",
} as const satisfies Record<CommandName, Permission>;

/** The commands by which permissions are asked for when a room is joined. */
const examples = ["room:join", "message:send", "upload:request", "reaction:add", "message:edit", "message:delete", "message:pin", "message:history"] as const satisfies readonly CommandName[];

interface PolicyOptions {
  authorize: Authorize | undefined;
  clock: Clock;
  logger: Logger;
}

/** Who may do what: the application's rules where it has any, the default policy elsewhere. */
export class Policy {
  readonly #options: PolicyOptions;
  #hasComplained = false;

  constructor(options: PolicyOptions) {
    this.#options = options;
  }

  /** True when what a user may do can change while they are here: the default policy only looks at who they are. */
  get asksApplication(): boolean {
    return this.#options.authorize !== undefined;
  }

  /** Returns when the user may. @throws {ChatError} `forbidden`, or `unavailable` when the application cannot decide */
  async demand(request: AuthorizeRequest): Promise<void> {
    if (!((await this.#verdict(request)) ?? isAllowedByDefault(request))) {
      throw new ChatError("forbidden", `unable to run ${request.command}; it is not allowed in this room`);
    }
  }

  /** False when a user may not be in a room; true also when the application cannot say. */
  async mayJoin(user: User, roomId: string): Promise<boolean> {
    return this.#allows({ user, roomId, command: "room:join" }).catch(() => true);
  }

  /** What a client may offer its user in a room; every command is decided again when it is asked. */
  async permissions(user: User, roomId: string): Promise<Permission[]> {
    const allowed = await Promise.all(examples.map((command) => this.#allows({ user, roomId, command })));
    const granted: Permission[] = examples.filter((_, index) => allowed[index]).map((command) => permissionOfCommand[command]);
    if (granted.includes("delete-own") && hasPermission(user, "delete-any")) granted.push("delete-any");
    return granted;
  }

  /** The same as {@link demand} as an answer. @throws {ChatError} when the application cannot decide */
  #allows(request: AuthorizeRequest): Promise<boolean> {
    return this.demand(request).then(
      () => true,
      (error: unknown) => {
        if (ChatError.is(error) && error.code === "forbidden") return false;
        throw error;
      },
    );
  }

  /** What the application says; an application in JavaScript may say anything, and only `true` allows. */
  async #verdict(request: AuthorizeRequest): Promise<boolean | undefined> {
    const { authorize, clock } = this.#options;
    if (authorize === undefined) return undefined;
    const { message } = request;
    try {
      // A message of its own: the store's is not the application's to change.
      const asked = (async (): Promise<unknown> => authorize({ ...request, ...(message !== undefined && { message: structuredClone(message) }) }))();
      const verdict = await withDeadline(clock, deadlineMs, asked, () => new Error("`authorize` took too long"));
      if (verdict !== undefined && typeof verdict !== "boolean") this.#complain(request.command, verdict);
      return verdict === undefined ? undefined : verdict === true;
    } catch (cause) {
      if (ChatError.is(cause)) throw cause;
      throw new ChatError("unavailable", "unable to decide whether this is allowed; try again", { cause });
    }
  }

  /** A mistake in the rules shows at every command; it is said once. */
  #complain(command: CommandName, verdict: unknown): void {
    if (this.#hasComplained) return;
    this.#hasComplained = true;
    const gave = verdict === null ? "null" : typeof verdict;
    this.#options.logger.error({ command, gave }, "refused a command; `authorize` must give true, false or undefined, and what is neither refuses");
  }
}

function isAllowedByDefault({ user, command, message }: AuthorizeRequest): boolean {
  const isOwn = message === undefined || message.author.id === user.id || user.formerIds?.includes(message.author.id) === true;
  if (command === "message:delete" && !isOwn) return hasPermission(user, "delete-any");
  if (command === "message:edit" && !isOwn) return false;
  if (command === "message:history" && message !== undefined && isOwn) return hasPermission(user, "read");
  return hasPermission(user, permissionOfCommand[command]);
}

function hasPermission(user: User, permission: Permission): boolean {
  return user.roles.some((role) => permissionsOfRole[role].includes(permission));
}
