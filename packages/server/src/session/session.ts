import type { IncomingMessage } from "node:http";
import type { Socket } from "socket.io";
import { ChatError, type CommandInput, type CommandName, type Identity, type Permission, type User } from "@chat-widget/protocol";
import type { CommandContext, Connection } from "../commands/command-context.js";
import { profileOf } from "../commands/profile.js";
import { rankOfRoles, ranks } from "../moderation/staff.js";
import type { Logger } from "../logger.js";
import type { Room } from "../rooms/room.js";
import { channelOf, keepersChannel, keepersOf } from "./channel.js";
import { Expiry } from "./expiry.js";
import type { RateLimit } from "./rate-limit.js";
import { RoomRights } from "./room-rights.js";
import { type AnyReply, commandNamed, runCommand } from "./run-command.js";
import { Turns } from "./turns.js";
import type { Work } from "./work.js";

/** What every session of a server shares. */
export interface SessionSurroundings extends Pick<CommandContext, "rooms" | "policy" | "moderation" | "desk" | "messageTypes" | "events" | "limits" | "clock" | "uploads" | "explain"> {
  logger: Logger;
  rateLimit: RateLimit;
  /** Whence a request comes; missing where addresses are not counted. */
  addressOf: ((request: IncomingMessage) => string) | undefined;
  /** Whether so much waits to be read by a client that it is answered nothing more for now. */
  isBehind(socket: Socket): boolean;
  /** Ends a session so that its client comes back on its own. */
  release(socket: Socket): void;
  work: Work;
  /** Whether a hostile connection may be cut whole. */
  isExclusive: boolean;
  /** Whether nothing may be begun any more: the server closes, or its store is another one. */
  isClosing: () => boolean;
  /** Who the user is now; always the same one. */
  identifyAgain(request: IncomingMessage, user: User, input: CommandInput<"session:refresh">): Promise<Identity>;
}

/** The packet after so many that make no sense ends the session: it is none of our clients. */
const allowedStrikes = 2;
const defaultPageSize = 50;
/** What waited longer for its turn is not begun any more: whoever asked has given up, and what follows need not wait for it too. */
const patienceMs = 10_000;
/** What is heard even after the user's token has ended. */
const timeless: ReadonlySet<CommandName> = new Set(["session:refresh", "room:leave"]);
const reading: ReadonlySet<CommandName> = new Set(["room:join", "room:sync", "history:read", "message:read", "report:list", "audit:read", "event:read", "stream:read"]);

/** One connection of one user: hears what is asked, has it done in order, answers, and tidies up when it ends. */
export class Session implements Connection {
  readonly id: string;
  readonly #socket: Socket;
  readonly #around: SessionSurroundings;
  readonly #openRooms = new Set<string>();
  readonly #turns = new Turns();
  readonly #reads = new Turns();
  readonly #rights: RoomRights;
  readonly #expiry: Expiry;
  readonly #address: string | undefined;
  #user: User;
  #strikes = 0;
  #isOver = false;

  constructor(socket: Socket, { user, expiresAt }: Identity, around: SessionSurroundings) {
    this.id = socket.id;
    this.#socket = socket;
    this.#user = user;
    this.#around = around;
    this.#address = around.addressOf?.(socket.request);
    const { clock, policy, release, explain } = around;
    this.#rights = new RoomRights({
      clock,
      policy,
      user: () => this.#user,
      tell: (roomId, permissions) => {
        this.#setKeeper(roomId, permissions);
        socket.emit("room:permissions", { roomId, permissions });
      },
      shut: (room) => this.close(room),
      pause: (room) => this.#pause(room),
      resume: (room, after) => this.listen(room, after),
      explain,
    });
    this.#expiry = new Expiry(clock, () => release(socket));
    this.#expiry.set(expiresAt);
    // Never calls next: so no name that a client makes up reaches the listeners of an event emitter.
    socket.use((event: unknown[]) => this.#hear(event));
    socket.on("disconnect", () => this.#end());
    this.#setStaff();
  }

  get user(): User {
    return this.#user;
  }

  get openRooms(): ReadonlySet<string> {
    return this.#openRooms;
  }

  open(room: Room): void {
    this.#refuseWhenOver();
    this.#openRooms.add(room.id);
    room.presence.enter(profileOf(this.#user), this.id);
    this.#rights.enter(room);
  }

  allow(room: Room, permissions: readonly Permission[]): void {
    this.#rights.told(room, permissions);
    this.#setKeeper(room.id, permissions);
  }

  listen(room: Room, after: number): void {
    const channel = channelOf(room.id);
    if (this.#socket.rooms.has(channel) || !this.#openRooms.has(room.id)) return;
    const missed = room.feed.since(after);
    if (missed !== undefined) this.#socket.emit("room:events", missed);
    this.#settle(this.#socket.join(channel));
  }

  close(room: Room): void {
    this.#leave(room);
    this.#settle(this.#socket.leave(channelOf(room.id)));
    this.#setKeeper(room.id, []);
  }

  /** Those who moderate the whole chat hear of all reports, and are known when they are away. */
  #setStaff(): void {
    this.#around.desk.staff.learn(this.#user);
    const isStaff = rankOfRoles(this.#user.roles) >= ranks.moderator;
    if (isStaff !== this.#socket.rooms.has(keepersChannel)) this.#settle(isStaff ? this.#socket.join(keepersChannel) : this.#socket.leave(keepersChannel));
  }

  /** Those who may moderate the room hear of reports, and nobody else. */
  #setKeeper(roomId: string, permissions: readonly Permission[]): void {
    const channel = keepersOf(roomId);
    const isKeeper = permissions.includes("moderate");
    if (isKeeper !== this.#socket.rooms.has(channel)) this.#settle(isKeeper ? this.#socket.join(channel) : this.#socket.leave(channel));
  }

  #pause(room: Room): number | undefined {
    const channel = channelOf(room.id);
    if (!this.#socket.rooms.has(channel)) return undefined;
    this.#settle(this.#socket.leave(channel));
    return room.feed.delivered;
  }

  /** One event: a name, an input, an acknowledgement. */
  #hear(event: readonly unknown[]): void {
    const [name, input] = event;
    const acknowledge = event.at(-1);
    if (typeof acknowledge !== "function") return this.#strike();
    const afterwards: (() => void)[] = [];
    const reply = (answer: AnyReply): void => {
      acknowledge(answer);
      if (answer.ok) for (const run of afterwards) run();
    };
    const command = commandNamed(name);
    if (command === undefined || event.length !== 3) {
      reply({ ok: false, error: new ChatError("invalid", "unable to run the command; there is none by this name with these arguments") });
      return this.#strike();
    }
    const { work, rateLimit } = this.#around;
    const context = this.#context((run) => afterwards.push(run));
    void work.track(runCommand(command, input, context, { rateLimit, address: this.#address }, (roomId, run) => this.#inTurn(command, roomId, reading.has(command) ? () => this.#read(run) : run), reply));
  }

  #inTurn<T>(command: CommandName, roomId: string | undefined, run: () => Promise<T>): Promise<T> {
    const refuseWhenLate = this.#patience();
    return this.#turns.take(roomId ?? "", async () => {
      this.#refuseWhenOver();
      this.#refuseWhenExpired(command);
      refuseWhenLate();
      return run();
    });
  }

  /** Answers to reads are large: one at a time, with air between them for everybody else, and none while much is unread. */
  #read<T>(run: () => Promise<T>): Promise<T> {
    const refuseWhenLate = this.#patience();
    return this.#reads.take("", async () => {
      await new Promise((resolve) => setImmediate(resolve));
      this.#refuseWhenOver();
      refuseWhenLate();
      if (this.#around.isBehind(this.#socket)) {
        throw new ChatError("rate-limited", "unable to read; what was answered before is not received yet", { retryAfterMs: 1_000 });
      }
      return run();
    });
  }

  #context(afterAnswer: CommandContext["afterAnswer"]): CommandContext {
    const { limits } = this.#around;
    return {
      ...this.#around,
      user: this.#user,
      connection: this,
      afterAnswer,
      spendRoom: (roomId, writes) => this.#around.rateLimit.takeRoom(roomId, writes),
      pageSize: (asked) => Math.min(asked ?? defaultPageSize, limits.pageSize),
      refresh: (input) => this.#refresh(input),
    };
  }

  async #refresh(input: CommandInput<"session:refresh">): Promise<Identity> {
    const identity = await this.#around.identifyAgain(this.#socket.request, this.#user, input).catch((error: unknown) => {
      // Somebody else sits here now: what is open is not theirs. Their client comes back with the token it has.
      if (ChatError.is(error) && error.code === "forbidden") this.#releaseSoon();
      throw error;
    });
    this.#user = identity.user;
    this.#setStaff();
    if (!this.#isOver) this.#expiry.set(identity.expiresAt);
    for (const roomId of this.#openRooms) this.#around.rooms.get(roomId).presence.rename(profileOf(identity.user));
    this.#rights.lookAgain();
    return identity;
  }

  /** Adapters that ask another program about a room do so in the background; here the socket is in or out of it at once. */
  #settle(done: Promise<void> | void): void {
    if (done !== undefined) done.catch((error: unknown) => void this.#around.explain(error));
  }

  #strike(): void {
    this.#strikes += 1;
    if (this.#strikes <= allowedStrikes) return;
    this.#around.logger.info({ userId: this.#user.id }, "closed a connection; it sent what no client sends");
    this.#socket.disconnect(this.#around.isExclusive);
  }

  /** Not before the answer to what was asked is sent. */
  #releaseSoon(): void {
    setImmediate(() => this.#around.release(this.#socket));
  }

  #end(): void {
    this.#isOver = true;
    this.#rights.end();
    this.#expiry.clear();
    for (const roomId of this.#openRooms) this.#leave(this.#around.rooms.get(roomId));
  }

  #leave(room: Room): void {
    this.#openRooms.delete(room.id);
    this.#rights.leave(room);
    room.presence.leave(this.#user.id, this.id);
    room.typing.stop(this.#user.id);
    this.#around.rooms.release(room);
  }

  /** Begins to wait. Gives what refuses when that took too long. @throws {ChatError} `unavailable` */
  #patience(): () => void {
    const { clock } = this.#around;
    const askedAt = clock.now();
    return () => {
      if (clock.now() - askedAt > patienceMs) throw new ChatError("unavailable", "unable to run the command; what was asked before takes too long", { retryAfterMs: 1_000 });
    };
  }

  #refuseWhenExpired(command: CommandName): void {
    if (this.#expiry.isOver && !timeless.has(command)) throw new ChatError("unauthenticated", `unable to run ${command}; the token has ended, show a new one`);
  }

  #refuseWhenOver(): void {
    if (this.#isOver || this.#around.isClosing()) {
      throw new ChatError("unavailable", "unable to run the command; the connection is closing", { retryAfterMs: 1_000 });
    }
  }
}
