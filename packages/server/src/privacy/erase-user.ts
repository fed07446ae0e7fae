import { ChatError, Member, type Message, type RoomEvent } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import type { ChatRoom } from "../chat-room.js";
import type { ModerationDesk } from "../moderation/desk.js";
import type { Rooms } from "../rooms/rooms.js";
import { membersCollection } from "../rooms/state/room-records.js";
import type { ChatStore } from "../stores/chat-store.js";
import { isNameless, nameless } from "../stores/forget.js";
import { type StoredRecord, partsOf } from "../stores/records.js";
import { usageCollection } from "../uploads/upload-book.js";
import type { Uploads } from "../uploads/uploads.js";
import type { Erased } from "./erased.js";
import { collectionsByRoom, recordsOf } from "./personal-records.js";
import { everyEvent, isOf } from "./read-all.js";

interface ErasureOptions {
  store: ChatStore;
  /** Undefined where there is no place for files. */
  uploads: Uploads | undefined;
  desk: ModerationDesk;
  rooms: Rooms;
  room: (roomId: string) => ChatRoom;
  /** Everything on this node and the others lets go of what it remembers of a user. */
  forget: (userId: string) => void;
  isClosed: () => boolean;
}

/** Changes that are asked for at once; the room's log writes them together. */
const atOnce = 100;
/** How often all logs are looked through until there is nothing left. */
const mostPasses = 4;

/**
 * Takes away what a user wrote and what they are called. It looks for what is there and takes that away, so that it may
 * break off anywhere, be begun again, and be done by two nodes at once.
 */
export class UserErasure {
  readonly done: Erased = { messages: 0, reactions: 0, uploads: 0, reports: 0, memberships: 0, events: 0 };
  readonly #options: ErasureOptions;
  readonly #userIds: ReadonlySet<string>;
  readonly #by: string;

  constructor(options: ErasureOptions, userIds: ReadonlySet<string>, by: string) {
    this.#options = options;
    this.#userIds = userIds;
    this.#by = by;
  }

  /** @throws {ChatError} `conflict` when they go on writing, `unavailable` */
  async run(): Promise<void> {
    const { store, desk, forget } = this.#options;
    // What was being written when their connections ended is found the next time.
    for (let passes = 0; passes < mostPasses; passes += 1) {
      const before = this.#total;
      await this.#removeRecords();
      await this.#removeUploads();
      this.done.reports += await this.#options.desk.reports.redact(this.#userIds);
      for await (const { roomId, events } of everyEvent(store)) await this.#eraseIn(roomId, events.filter((event) => isOf(this.#userIds, event)));
      for (const userId of this.#userIds) {
        forget(userId);
        await store.forgetReader(userId);
        await desk.staff.forget(userId);
      }
      if (this.#total === before) return;
    }
    throw new ChatError("conflict", "unable to erase all of a user; they go on writing, so that whoever makes sure who they are has to refuse them first");
  }

  get #total(): number {
    return Object.values(this.done).reduce((sum, count) => sum + count, 0);
  }

  async #eraseIn(roomId: string, events: readonly RoomEvent[]): Promise<void> {
    this.#goOn();
    if (events.length === 0) return;
    const { store } = this.#options;
    const written = new Set(events.flatMap((event) => (event.type === "message.sent" ? event.id : [])));
    const about = new Set([...written, ...events.flatMap((event) => (event.type === "reaction.added" ? event.messageId : []))]);
    const messages = await store.messagesById(roomId, [...about]);
    const deletions = messages.filter(({ id, deletedAt }) => written.has(id) && deletedAt === undefined);
    const reactions = messages.filter((message) => !deletions.includes(message)).flatMap((message) => this.#reactionsOn(message));
    await this.#together(deletions, async ({ id }) => {
      await this.#options.room(roomId).delete(id, { by: this.#by });
      this.done.messages += 1;
    });
    await this.#together(reactions, async ({ messageId, ...reaction }) => {
      await this.#options.room(roomId).unreact(messageId, reaction);
      this.done.reactions += 1;
    });
    const named = events.filter((event) => this.#isNamed(event)).map(({ seq }) => seq);
    if (named.length > 0) await store.redact(roomId, named);
    this.done.events += named.length;
  }

  #reactionsOn({ id, reactions }: Message): { messageId: string; emoji: string; by: string }[] {
    return reactions.flatMap(({ emoji, userIds }) => userIds.filter((userId) => this.#userIds.has(userId)).map((by) => ({ messageId: id, emoji, by })));
  }

  #isNamed(event: RoomEvent): boolean {
    const person = "author" in event ? event.author : event.type === "member.changed" ? event.member.user : undefined;
    return person !== undefined && this.#userIds.has(person.id) && !isNameless(person);
  }

  async #removeUploads(): Promise<void> {
    const { uploads, store } = this.#options;
    if (uploads === undefined && (await store.records(usageCollection, { keys: [...this.#userIds] })).length > 0) throw new ChatError("conflict", "unable to erase all of a user; they have files, and only a server with the option `uploads` can remove them");
    for await (const upload of uploads?.ofUsers(this.#userIds) ?? []) {
      this.#goOn();
      await uploads?.discard(upload);
      this.done.uploads += 1;
    }
  }

  async #removeRecords(): Promise<void> {
    const { store } = this.#options;
    for (const collection of collectionsByRoom) {
      for await (const record of recordsOf(store, collection, this.#userIds)) {
        this.#goOn();
        if (collection === membersCollection) await this.#leave(record);
        else await store.writeRecords([{ collection, key: record.key }]);
      }
    }
  }

  /** They belong to the room no more. A ban or a silence stays, without their name: being erased is no way around it. */
  async #leave({ key, value, revision }: StoredRecord): Promise<void> {
    const { rooms, store } = this.#options;
    const [roomId = "", userId = ""] = partsOf(key);
    const member = Member.parse(value);
    if (member.role !== undefined) {
      await rooms.get(roomId).changes.member({ by: this.#by, id: uuidv7(), userId, profile: nameless(member.user), change: "left", patch: { role: null } });
      this.done.memberships += 1;
    } else if (!isNameless(member.user)) await store.writeRecords([{ collection: membersCollection, key, value: { ...member, user: nameless(member.user) }, expect: revision }]);
  }

  /** Does something for each of many. What retention took away meanwhile needs it no more. */
  async #together<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
    for (let start = 0; start < items.length; start += atOnce) {
      this.#goOn();
      const ended = await Promise.allSettled(items.slice(start, start + atOnce).map(run));
      for (const end of ended) if (end.status === "rejected" && !(ChatError.is(end.reason) && end.reason.code === "not-found")) throw end.reason;
    }
  }

  #goOn(): void {
    if (this.#options.isClosed()) throw new ChatError("unavailable", "unable to erase all of a user now; the server closes, and another goes on with it");
  }
}
