import type { Member, RoomSettings } from "@chat-widget/protocol";
import type { RoomChange } from "./room-change.js";
import { type SettingsSource, readMembers, readSettings } from "./room-records.js";
import { type Person, type Standing, idsOf, standingOf } from "./standing.js";

/** People whom it remembers what they are to the room. */
const rememberedMembers = 2_000;

interface RoomStateOptions extends SettingsSource {
  roomId: string;
  /** Whether this node follows the room's log, so that it hears of every change. */
  isFollowed(): boolean;
}

/** Called when what somebody may do in a room may have changed. */
export type Watcher = () => void;

/**
 * What a room is now: how it is run and what people are to it. While the room's log is followed, what was read is
 * remembered and changes with the log, so that nothing is read twice; else every question is one to the store.
 */
export class RoomState {
  readonly #options: RoomStateOptions;
  #settings: RoomSettings | undefined;
  /** By user, the last asked for last; undefined for one of whom nothing is kept. */
  readonly #members = new Map<string, Member | undefined>();
  readonly #watchers = new Map<string, Set<Watcher>>();
  /** How often something became different from what the store may have answered before. */
  #changes = 0;

  constructor(options: RoomStateOptions) {
    this.#options = options;
  }

  /** How the room is run. */
  async settings(): Promise<RoomSettings> {
    const read = () => readSettings(this.#options, this.#options.roomId);
    const known = () => (this.#options.isFollowed() ? this.#settings : undefined);
    return known() ?? this.#load(read, known, (settings) => (this.#settings = settings));
  }

  /** What somebody is to the room; undefined when there is nothing to say of them. */
  async member(userId: string): Promise<Member | undefined> {
    return (await this.members([userId])).get(userId);
  }

  /** The same of many, at most 1 000; of whom there is nothing to say is left out. */
  async members(userIds: readonly string[]): Promise<Map<string, Member>> {
    const known = this.#known(userIds);
    if (known !== undefined) return known;
    const { store, roomId } = this.#options;
    const read = () => readMembers(store, roomId, userIds);
    const keep = (members: ReadonlyMap<string, Member>) => {
      for (const userId of userIds) this.#remember(userId, members.get(userId));
    };
    return this.#load(read, () => this.#known(userIds), keep);
  }

  /** What decides what somebody may do here. */
  async standing(person: Person): Promise<Standing> {
    const [room, members] = await Promise.all([this.settings(), this.members(idsOf(person))]);
    return standingOf(room, [...members.values()]);
  }

  /** The same if it is at hand. */
  knownStanding(person: Person): Standing | undefined {
    const known = this.#known(idsOf(person));
    return known === undefined || this.#settings === undefined ? undefined : standingOf(this.#settings, [...known.values()]);
  }

  /** Calls back after every change of the settings, or of what this user is to the room. Gives the function that ends it. */
  watch(userId: string, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(userId) ?? new Set();
    this.#watchers.set(userId, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0 && this.#watchers.get(userId) === watchers) this.#watchers.delete(userId);
    };
  }

  /** Takes the next change of the log. */
  apply(event: RoomChange): void {
    this.#changes += 1;
    // What comes next might not be heard of.
    if (!this.#options.isFollowed()) return this.forget();
    if (event.type === "room.updated") {
      this.#settings = event.settings;
      for (const userId of this.#watchers.keys()) this.#call(userId);
    } else {
      const { member } = event;
      this.#remember(member.user.id, isNothing(member) ? undefined : member);
      this.#call(member.user.id);
    }
  }

  /** Lets go of what it remembers: changes may have been missed. */
  forget(): void {
    this.#changes += 1;
    this.#settings = undefined;
    this.#members.clear();
  }

  /** The log went on without being told: anything may have changed. */
  missed(): void {
    this.forget();
    for (const userId of this.#watchers.keys()) this.#call(userId);
  }

  /** Reads, and reads again what may have changed since; remembers it if nothing can be missed from then on. */
  async #load<T>(read: () => Promise<T>, known: () => T | undefined, keep: (value: T) => void): Promise<T> {
    for (;;) {
      const changes = this.#changes;
      // What is followed only later may have changed in between.
      const isFollowed = this.#options.isFollowed();
      const value = await read();
      const told = known();
      if (told !== undefined) return told;
      if (!isFollowed) return value;
      if (changes !== this.#changes) continue;
      keep(value);
      return value;
    }
  }

  #known(userIds: readonly string[]): Map<string, Member> | undefined {
    if (!this.#options.isFollowed()) return undefined;
    const known = new Map<string, Member>();
    for (const userId of userIds) {
      if (!this.#members.has(userId)) return undefined;
      const member = this.#members.get(userId);
      this.#remember(userId, member);
      if (member !== undefined) known.set(userId, member);
    }
    return known;
  }

  #remember(userId: string, member: Member | undefined): void {
    this.#members.delete(userId);
    this.#members.set(userId, member);
    const [oldest] = this.#members.keys();
    if (this.#members.size > rememberedMembers && oldest !== undefined) this.#members.delete(oldest);
  }

  #call(userId: string): void {
    for (const watcher of this.#watchers.get(userId) ?? []) watcher();
  }
}

function isNothing({ role, mutedUntil, bannedUntil }: Member): boolean {
  return role === undefined && mutedUntil === undefined && bannedUntil === undefined;
}
