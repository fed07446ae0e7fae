import type { ChatError, Permission, User } from "@chat-widget/protocol";
import type { Clock, Timer } from "../clock.js";
import type { Policy } from "../policy/authorize.js";
import type { Room } from "../rooms/room.js";
import { idsOf } from "../rooms/state/standing.js";

/** How long after the application's rules changed it shows at the latest, to someone who only listens. */
const intervalMs = 60_000;

interface RoomRightsOptions {
  clock: Clock;
  policy: Policy;
  user: () => User;
  /** Tells the user what they may do in a room from now on. */
  tell(roomId: string, permissions: Permission[]): void;
  /** Closes a room that the user may not be in any more. */
  shut(room: Room): void;
  /** Stops telling what happens in a room; gives the place after which nothing was told. */
  pause(room: Room): number | undefined;
  /** Tells it again, from a place on. */
  resume(room: Room, after: number): void;
  explain(error: unknown): ChatError;
}

interface OpenRoom {
  stopWatching(): void;
  /** What the client was told last. */
  told: string | undefined;
  /** Counts the looks, so that a slow one does not overtake a later one. */
  looks: number;
}

/**
 * What a user may do in the rooms they have open on one connection. It follows what changes in the room and, since the
 * application's rules may change for reasons of their own, asks them again every minute. Whoever may not be in a room any
 * more hears nothing of it from the next event on; the others are told what they may do now.
 */
export class RoomRights {
  readonly #options: RoomRightsOptions;
  readonly #open = new Map<Room, OpenRoom>();
  #timer: Timer | undefined;

  constructor(options: RoomRightsOptions) {
    this.#options = options;
    if (options.policy.asksApplication) this.#lookLater();
  }

  /** The user has opened a room. */
  enter(room: Room): void {
    if (this.#open.has(room)) return;
    const stops = idsOf(this.#options.user()).map((userId) => room.state.watch(userId, () => void this.#look(room)));
    const stopWatching = () => {
      for (const stop of stops) stop();
    };
    this.#open.set(room, { stopWatching, told: undefined, looks: 0 });
  }

  /** Notes what the client was told with the answer to its joining. */
  told(room: Room, permissions: readonly Permission[]): void {
    const open = this.#open.get(room);
    if (open !== undefined) open.told = permissions.join();
  }

  leave(room: Room): void {
    this.#open.get(room)?.stopWatching();
    this.#open.delete(room);
  }

  /** The user is somebody else than they were. */
  lookAgain(): void {
    for (const room of this.#open.keys()) void this.#look(room);
  }

  end(): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
    for (const { stopWatching } of this.#open.values()) stopWatching();
    this.#open.clear();
  }

  #lookLater(): void {
    this.#timer = this.#options.clock.setTimeout(() => {
      this.lookAgain();
      this.#lookLater();
    }, intervalMs);
  }

  /** Begins at once, so that nothing that follows is told to one who may not hear it; what takes time is waited for in silence. */
  async #look(room: Room): Promise<void> {
    const { policy, user, pause, resume, shut, explain } = this.#options;
    const open = this.#open.get(room);
    if (open === undefined) return;
    const look = (open.looks += 1);
    const known = room.state.knownStanding(user());
    const byDefault = known && policy.byDefault(user(), known);
    if (byDefault !== undefined && !policy.asksApplication) return this.#settle(room, open, byDefault);
    const mayStay = byDefault?.includes("read") === true;
    const after = mayStay ? undefined : pause(room);
    const isLast = () => this.#open.get(room) === open && open.looks === look;
    try {
      const permissions = await policy.permissions(user(), room.id, await room.state.standing(user()));
      if (isLast()) this.#settle(room, open, permissions);
    } catch (error) {
      explain(error);
      // Who was in the room stays while the application cannot say, unless the room itself says otherwise.
      if (isLast() && byDefault !== undefined && !mayStay) shut(room);
    }
    if (after !== undefined && this.#open.get(room) === open) resume(room, after);
  }

  #settle(room: Room, open: OpenRoom, permissions: Permission[]): void {
    const { tell, shut } = this.#options;
    const told = permissions.join();
    if (told === open.told) return;
    open.told = told;
    if (permissions.length === 0) shut(room);
    tell(room.id, permissions);
  }
}
