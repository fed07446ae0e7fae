import { type Presence as PresenceNow, type Profile, signalTiming } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import type { Tell } from "../nodes/node-message.js";
import { Delayed } from "./delayed.js";
import { PeopleElsewhere, type PeopleThere } from "./people-elsewhere.js";
import type { Publish } from "./publish.js";

/** How many people are told by name. */
const namedPeople = 200;

interface Person {
  profile: Profile;
  connections: Set<string>;
}

interface PresenceOptions {
  roomId: string;
  publish: Publish;
  tell: Tell;
  clock: Clock;
  /** Gives numbers that only grow, over all rooms. */
  nextVersion(): number;
}

/**
 * Who has a room open: people, however many connections each has, on whatever node. Tells changes once a second: what
 * changed to those who are here, everyone who is here to the other nodes.
 */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #tell: Delayed;
  readonly #here = new Map<string, Person>();
  readonly #elsewhere = new PeopleElsewhere();
  /** What the room was told of the people who changed since: a profile, or nothing when they were not there. */
  readonly #told = new Map<string, Profile | undefined>();
  #toldCount = 0;
  /** What the other nodes were told last; 0 when nothing, or that nobody is here. */
  #version = 0;
  #hasNews = false;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#tell = new Delayed(options.clock, signalTiming.coalesceMs, () => this.#flush());
  }

  /** People on this node. */
  get here(): number {
    return this.#here.size;
  }

  /** People on all nodes; who is on several counts once, as far as names are known. */
  get count(): number {
    return this.#here.size + this.#elsewhere.countBeside((userId) => this.#here.has(userId));
  }

  /** Which word of this node the others should have heard last. */
  get version(): number {
    return this.#version;
  }

  enter(profile: Profile, connectionId: string): void {
    const known = this.#here.get(profile.id);
    if (this.#here.size === 0) this.#options.tell({ kind: "people-wanted", roomIds: [this.#options.roomId] });
    this.#noteHere(profile.id);
    this.#here.set(profile.id, { profile, connections: (known?.connections ?? new Set()).add(connectionId) });
  }

  leave(userId: string, connectionId: string): void {
    const person = this.#here.get(userId);
    if (person === undefined || !person.connections.delete(connectionId) || person.connections.size > 0) return;
    this.#noteHere(userId);
    this.#here.delete(userId);
  }

  rename(profile: Profile): void {
    const person = this.#here.get(profile.id);
    if (person === undefined) return;
    this.#noteHere(profile.id);
    person.profile = profile;
  }

  /** Takes the word of another node. */
  hear(nodeId: string, word: PeopleThere): void {
    if (word.version <= this.#elsewhere.versionOf(nodeId)) return;
    const people = word.people.slice(0, namedPeople);
    for (const userId of [...this.#elsewhere.namesOn(nodeId), ...people.map(({ id }) => id)]) this.#note(userId);
    this.#elsewhere.set(nodeId, { ...word, people });
    this.#tell.request();
  }

  /** What was last heard of a node, 0 when nothing was. */
  versionOf(nodeId: string): number {
    return this.#elsewhere.versionOf(nodeId);
  }

  /** Another node is gone, or nobody there has the room open. */
  forget(nodeId: string): void {
    if (this.#elsewhere.versionOf(nodeId) === 0) return;
    for (const userId of this.#elsewhere.namesOn(nodeId)) this.#note(userId);
    this.#elsewhere.delete(nodeId);
    this.#tell.request();
  }

  snapshot(): PresenceNow {
    const users = new Map<string, Profile>();
    for (const profile of this.#everyone()) {
      if (users.size === namedPeople) break;
      if (!users.has(profile.id)) users.set(profile.id, profile);
    }
    return { count: this.count, users: [...users.values()] };
  }

  /** Tells the other nodes who is here. */
  tellNodes(): void {
    const { roomId, tell } = this.#options;
    // What was never told is about to be.
    if (this.#version === 0) return;
    const people = [...this.#here.values()].slice(0, namedPeople).map(({ profile }) => profile);
    tell({ kind: "people", roomId, version: this.#version, count: this.#here.size, people });
  }

  close(): void {
    this.#tell.cancel();
    // Others would keep the last who left for as long as this node lives.
    if (this.#version > 0 && this.#here.size === 0) this.#tellNews();
  }

  *#everyone(): Generator<Profile> {
    for (const { profile } of this.#here.values()) yield profile;
    yield* this.#elsewhere.profiles();
  }

  #find(userId: string): Profile | undefined {
    return this.#here.get(userId)?.profile ?? this.#elsewhere.find(userId);
  }

  #noteHere(userId: string): void {
    this.#hasNews = true;
    this.#note(userId);
  }

  #note(userId: string): void {
    if (!this.#told.has(userId)) this.#told.set(userId, this.#find(userId));
    this.#tell.request();
  }

  #tellNews(): void {
    this.#hasNews = false;
    this.#version = this.#options.nextVersion();
    this.tellNodes();
  }

  #flush(): void {
    if (this.#hasNews) this.#tellNews();
    const joined: Profile[] = [];
    const left: string[] = [];
    for (const [userId, before] of this.#told) {
      const now = this.#find(userId);
      if (now === undefined && before !== undefined) left.push(userId);
      if (now !== undefined && now !== before && (now.name !== before?.name || now.avatarUrl !== before.avatarUrl)) joined.push(now);
    }
    this.#told.clear();
    const { roomId, publish } = this.#options;
    const { count } = this;
    if (joined.length + left.length === 0 && count === this.#toldCount) return;
    this.#toldCount = count;
    publish(roomId, "presence:changed", { roomId, count, joined: joined.slice(0, namedPeople), left });
  }
}
