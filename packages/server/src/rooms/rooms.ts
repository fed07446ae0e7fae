import type { CommandInput, CommandOutput } from "@chat-widget/protocol";
import type { NodeMessage } from "../nodes/node-message.js";
import type { Feed } from "./feed/feed.js";
import { HeadWatch } from "./feed/head-watch.js";
import { hearNode } from "./hear-node.js";
import { Invites } from "./people/invites.js";
import { PrivateIds } from "./people/private-ids.js";
import { RoomLists } from "./people/room-lists.js";
import { Retention, type RetentionOptions } from "./retention.js";
import { Room, type RoomSurroundings } from "./room.js";
import { searchMessages } from "./search.js";

interface RoomsOptions extends Omit<RoomSurroundings, "nextVersion">, RetentionOptions {
  /** Of the store; never leaves the server. */
  secret: Uint8Array;
  /** How long to wait before the store is asked for what nobody told. */
  pollMs(): number;
}

/** The rooms that are alive. One comes alive when it is asked for and is let go when it is idle. */
export class Rooms {
  /** Lists of rooms and members. */
  readonly lists: RoomLists;
  readonly invites: Invites;
  readonly privateIds: PrivateIds;
  readonly #surroundings: RoomSurroundings;
  readonly #rooms = new Map<string, Room>();
  readonly #headWatch: HeadWatch;
  readonly #retention: Retention;
  #version = 0;

  constructor(options: RoomsOptions) {
    this.#surroundings = { ...options, nextVersion: () => (this.#version += 1) };
    this.lists = new RoomLists(options);
    this.invites = new Invites(options.store, options.clock);
    this.privateIds = new PrivateIds(options.secret);
    this.#headWatch = new HeadWatch({ ...options, feeds: () => this.#openFeeds() });
    this.#retention = new Retention(options, () => this.#forget());
  }

  get(roomId: string): Room {
    const known = this.#rooms.get(roomId);
    if (known !== undefined) return known;
    const room = new Room(roomId, this.#surroundings, () => this.release(room));
    this.#rooms.set(roomId, room);
    return room;
  }

  /** Finds messages in rooms, alive or not. @throws {ChatError} */
  search(query: CommandInput<"message:search">): Promise<CommandOutput<"message:search">> {
    return searchMessages(this.#surroundings.store, query);
  }

  /** Lets a room go if nothing holds it. */
  release(room: Room): void {
    // Nothing is heard of rooms that nobody here has open.
    if (room.presence.here === 0) room.forget();
    if (!room.isIdle || this.#rooms.get(room.id) !== room) return;
    this.#rooms.delete(room.id);
    void room.close();
  }

  /** The rooms that somebody on this node has open. */
  open(): Room[] {
    return [...this.#rooms.values()].filter((room) => room.presence.here > 0);
  }

  /** Takes the word of another node; about rooms that nobody here has open it means nothing. */
  hear(nodeId: string, message: NodeMessage): void {
    if (message.kind === "erased") return this.forgetUser(message.userId);
    const roomOf = (roomId: string): Room | undefined => {
      const room = this.#rooms.get(roomId);
      return room !== undefined && room.presence.here > 0 ? room : undefined;
    };
    hearNode({ nodeId, message, roomOf, writtenIn: (roomId) => this.#rooms.get(roomId), rooms: () => this.open(), tell: this.#surroundings.tell });
  }

  /** Lets go of what it remembers of a user, whom the store has forgotten. */
  forgetUser(userId: string): void {
    for (const room of this.#rooms.values()) {
      room.feed.forget();
      room.state.forget();
      void room.receipts.forget(userId);
    }
  }

  /** Another node is gone. */
  lost(nodeId: string): void {
    for (const room of this.#rooms.values()) {
      room.presence.forget(nodeId);
      room.typing.forget(nodeId);
    }
  }

  /** Something may have been missed. */
  missed(): void {
    this.#headWatch.lookSoon();
  }

  /** Stores what waits to be stored and tells nobody anything any more. */
  async close(): Promise<void> {
    this.#headWatch.close();
    this.#retention.close();
    const rooms = [...this.#rooms.values()];
    this.#rooms.clear();
    await Promise.all(rooms.map((room) => room.close()));
  }

  #forget(): void {
    for (const { feed } of this.#rooms.values()) feed.forget();
  }

  #openFeeds(): Map<string, Feed> {
    return new Map(this.open().map(({ id, feed }) => [id, feed]));
  }
}
