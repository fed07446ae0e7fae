import { ChatError, type CommandName, type Member, type Message, Permission, type RoomSettings, type User } from "@chat-widget/protocol";
import { type Clock, withDeadline } from "../clock.js";
import type { Logger } from "../logger.js";
import type { Standing } from "../rooms/state/standing.js";
import { isAllowedByDefault, isBanned, permissionOfCommand, permissionsByDefault, permissionsOfRole } from "./permissions.js";

/** What an {@link Authorize} is asked. */
export interface AuthorizeRequest {
  /** Who asks. */
  user: User;
  roomId: string;
  command: CommandName;
  /** The message that a command would change; missing when only asked what the user may do in general. */
  message?: Message;
  /** The id of the other person, where a command is about one. */
  target?: string;
  /** How the room is run. */
  room?: RoomSettings;
  /** What the user is to the room; missing when there is nothing to say of them. */
  member?: Member;
  /** The name of the application's event that a command publishes, whispers or reads; missing when only asked what the user may do in general. */
  event?: string;
}

/**
 * Decides whether a user may do something; `undefined` leaves it to the default policy, and anything but `true` refuses.
 * Bans, mutes and slow mode hold all the same: somebody set them for this room.
 */
export type Authorize = (request: AuthorizeRequest) => boolean | undefined | Promise<boolean | undefined>;

/** How long an `authorize` may take. */
const deadlineMs = 10_000;

/** The commands by which permissions are asked for, each for what it needs. */
const examples = ["room:join", "message:send", "upload:request", "reaction:add", "message:edit", "message:delete", "message:pin", "message:history", "room:update", "member:add", "member:mute", "room:open-direct", "event:publish"] as const satisfies readonly CommandName[];

/** What somebody who is muted may not do. */
const mutedCommands: ReadonlySet<CommandName> = new Set(["message:send", "message:edit", "reaction:add", "typing:set", "upload:request", "event:publish", "event:whisper"]);

interface PolicyOptions {
  authorize: Authorize | undefined;
  clock: Clock;
  logger: Logger;
}

/** A command that somebody asks, and what decides it. */
type Demanded = AuthorizeRequest & Standing;

/** Who may do what: the application's rules where it has any, the default policy elsewhere. */
export class Policy {
  readonly #options: PolicyOptions;
  #hasComplained = false;

  constructor(options: PolicyOptions) {
    this.#options = options;
  }

  /** True when what a user may do can change without a change of the room or of who they are. */
  get asksApplication(): boolean {
    return this.#options.authorize !== undefined;
  }

  /** Returns when the user may. @throws {ChatError} `forbidden`, or `unavailable` when the application cannot decide */
  async demand(request: Demanded): Promise<void> {
    const now = this.#options.clock.now();
    const isAllowed = !isBanned(request, now) && ((await this.#verdict(request)) ?? isAllowedByDefault(request, now));
    if (!isAllowed) throw notAllowed(request.command);
    const { mutedUntil = 0 } = request.member ?? {};
    if (mutedUntil <= now || !mutedCommands.has(request.command)) return;
    throw new ChatError("forbidden", `unable to run ${request.command}; the user is muted in this room`, { details: { mutedUntil } });
  }

  /** False when a user may not be in a room; true also when the application cannot say. */
  async mayJoin(user: User, roomId: string, standing: Standing): Promise<boolean> {
    return this.demand({ user, roomId, command: "room:join", ...standing }).then(
      () => true,
      (error: unknown) => !(ChatError.is(error) && error.code === "forbidden"),
    );
  }

  /** Whether somebody moderates every room. */
  moderatesAll(user: User): boolean {
    return user.roles.some((role) => permissionsOfRole[role].includes("moderate"));
  }

  /** What the default policy says a user may do in a room, and nobody can allow who is banned from it. */
  byDefault(user: User, standing: Standing): Permission[] {
    return ordered(permissionsByDefault(user, standing, this.#options.clock.now()));
  }

  /**
   * What a client may offer its user in a room; every command is decided again when it is asked. A mute takes nothing
   * away here: it ends by itself, and the client is told when.
   *
   * @throws {ChatError} when the application cannot decide
   */
  async permissions(user: User, roomId: string, standing: Standing): Promise<Permission[]> {
    const byDefault = permissionsByDefault(user, standing, this.#options.clock.now());
    if (!this.asksApplication || isBanned(standing, this.#options.clock.now())) return ordered(byDefault);
    const verdicts = await Promise.all(examples.map((command) => this.#allows({ user, roomId, command, ...standing })));
    for (const [index, command] of examples.entries()) {
      const verdict = verdicts[index];
      if (verdict === true) byDefault.add(permissionOfCommand[command]);
      if (verdict === false) byDefault.delete(permissionOfCommand[command]);
    }
    // Who may not delete what is theirs is not offered to delete what is not.
    if (!byDefault.has("delete-own")) byDefault.delete("delete-any");
    return byDefault.has("read") ? ordered(byDefault) : [];
  }

  /** What the application says, whose refusal by throwing is one too. */
  async #allows(request: AuthorizeRequest): Promise<boolean | undefined> {
    try {
      return await this.#verdict(request);
    } catch (error) {
      if (ChatError.is(error) && error.code === "forbidden") return false;
      throw error;
    }
  }

  /** What the application says; an application in JavaScript may say anything, and only `true` allows. */
  async #verdict(request: AuthorizeRequest): Promise<boolean | undefined> {
    const { authorize, clock } = this.#options;
    if (authorize === undefined) return undefined;
    try {
      // Copies: what the server goes by is not the application's to change.
      const asked = (async (): Promise<unknown> => authorize({ ...request, ...copiesOf(request) }))();
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

/** The refusal of a command, the same whether or not the room exists. */
export function notAllowed(command: CommandName): ChatError {
  return new ChatError("forbidden", `unable to run ${command}; it is not allowed in this room`);
}

function copiesOf({ message, room, member }: AuthorizeRequest): Pick<AuthorizeRequest, "message" | "room" | "member"> {
  return {
    ...(message !== undefined && { message: structuredClone(message) }),
    ...(room !== undefined && { room: structuredClone(room) }),
    ...(member !== undefined && { member: structuredClone(member) }),
  };
}

/** In the order of the contract. */
function ordered(permissions: ReadonlySet<Permission>): Permission[] {
  return Permission.options.filter((permission) => permissions.has(permission));
}
