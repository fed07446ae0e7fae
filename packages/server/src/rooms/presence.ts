import { type Presence as PresenceNow, type Profile, signalTiming } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import { Delayed } from "./delayed.js";
import type { Publish } from "./publish.js";

/** How many people are told by name. */
const namedPeople = 200;

interface Person {
  profile: Profile;
  connections: Set<string>;
}

/** Who has a room open: people, however many connections each has. Tells changes once a second, as what changed. */
export class Presence {
  readonly #roomId: string;
  readonly #publish: Publish;
  readonly #tell: Delayed;
  readonly #people = new Map<string, Person>();
  /** What the room was told of the people who changed since: a profile, or nothing when they were not there. */
  readonly #told = new Map<string, Profile | undefined>();

  constructor(roomId: string, publish: Publish, clock: Clock) {
    this.#roomId = roomId;
    this.#publish = publish;
    this.#tell = new Delayed(clock, signalTiming.coalesceMs, () => this.#flush());
  }

  get count(): number {
    return this.#people.size;
  }

  enter(profile: Profile, connectionId: string): void {
    const known = this.#people.get(profile.id);
    this.#note(profile.id, known?.profile);
    this.#people.set(profile.id, { profile, connections: (known?.connections ?? new Set()).add(connectionId) });
  }

  leave(userId: string, connectionId: string): void {
    const person = this.#people.get(userId);
    if (person === undefined || !person.connections.delete(connectionId) || person.connections.size > 0) return;
    this.#note(userId, person.profile);
    this.#people.delete(userId);
  }

  rename(profile: Profile): void {
    const person = this.#people.get(profile.id);
    if (person === undefined) return;
    this.#note(profile.id, person.profile);
    person.profile = profile;
  }

  snapshot(): PresenceNow {
    return { count: this.count, users: [...this.#people.values()].slice(0, namedPeople).map(({ profile }) => profile) };
  }

  close(): void {
    this.#tell.cancel();
  }

  #note(userId: string, before: Profile | undefined): void {
    if (!this.#told.has(userId)) this.#told.set(userId, before);
    this.#tell.request();
  }

  #flush(): void {
    const joined: Profile[] = [];
    const left: string[] = [];
    for (const [userId, before] of this.#told) {
      const now = this.#people.get(userId)?.profile;
      if (now === undefined && before !== undefined) left.push(userId);
      if (now !== undefined && now !== before && (now.name !== before?.name || now.avatarUrl !== before.avatarUrl)) joined.push(now);
    }
    this.#told.clear();
    if (joined.length + left.length === 0) return;
    this.#publish(this.#roomId, "presence:changed", { roomId: this.#roomId, count: this.count, joined: joined.slice(0, namedPeople), left });
  }
}
