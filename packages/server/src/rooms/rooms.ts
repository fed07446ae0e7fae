import { signalTiming } from "@chat-widget/protocol";
import type { Feed } from "./feed/feed.js";
import { HeadWatch } from "./feed/head-watch.js";
import { Room, type RoomSurroundings } from "./room.js";

/** The rooms that are alive. One comes alive when it is asked for and is let go when it is idle. */
export class Rooms {
  readonly #surroundings: RoomSurroundings;
  readonly #rooms = new Map<string, Room>();
  readonly #headWatch: HeadWatch;

  constructor(surroundings: RoomSurroundings) {
    this.#surroundings = surroundings;
    this.#headWatch = new HeadWatch({ ...surroundings, feeds: () => this.#openFeeds(), pollMs: () => signalTiming.headsMs * 0.8 });
  }

  get(roomId: string): Room {
    const known = this.#rooms.get(roomId);
    if (known !== undefined) return known;
    const room = new Room(roomId, this.#surroundings, () => this.release(room));
    this.#rooms.set(roomId, room);
    return room;
  }

  /** Lets a room go if nothing holds it. */
  release(room: Room): void {
    if (!room.isIdle || this.#rooms.get(room.id) !== room) return;
    this.#rooms.delete(room.id);
    void room.close();
  }

  /** Stores what waits to be stored and tells nobody anything any more. */
  async close(): Promise<void> {
    this.#headWatch.close();
    const rooms = [...this.#rooms.values()];
    this.#rooms.clear();
    await Promise.all(rooms.map((room) => room.close()));
  }

  #openFeeds(): Map<string, Feed> {
    const open = [...this.#rooms.values()].filter((room) => room.presence.count > 0);
    return new Map(open.map(({ id, feed }) => [id, feed]));
  }
}
