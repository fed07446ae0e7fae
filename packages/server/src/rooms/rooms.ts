import { signalTiming } from "@chat-widget/protocol";
import type { Timer } from "../clock.js";
import { Room, type RoomSurroundings } from "./room.js";

/** A little more often than promised, so that a late timer keeps the promise. */
const beaconMs = signalTiming.headsMs * 0.8;
/** Rooms whose heads are read at once. */
const roomsPerRead = 500;

/** The rooms that are alive. One comes alive when it is asked for and is let go when it is idle. */
export class Rooms {
  readonly #surroundings: RoomSurroundings;
  readonly #rooms = new Map<string, Room>();
  #beacon: Timer;

  constructor(surroundings: RoomSurroundings) {
    this.#surroundings = surroundings;
    this.#beacon = this.#scheduleBeacon();
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
    this.#surroundings.clock.clearTimeout(this.#beacon);
    const rooms = [...this.#rooms.values()];
    this.#rooms.clear();
    await Promise.all(rooms.map((room) => room.close()));
  }

  #scheduleBeacon(): Timer {
    return this.#surroundings.clock.setTimeout(() => {
      void this.#tellHeads();
      this.#beacon = this.#scheduleBeacon();
    }, beaconMs);
  }

  /** Tells every room where its log ends, so that a reader who missed the last event notices. */
  async #tellHeads(): Promise<void> {
    const { store, epoch, publish, report } = this.#surroundings;
    const roomIds = [...this.#rooms.values()].filter((room) => room.presence.count > 0).map(({ id }) => id);
    try {
      for (let start = 0; start < roomIds.length; start += roomsPerRead) {
        const chunk = roomIds.slice(start, start + roomsPerRead);
        const heads = await store.heads(chunk);
        chunk.forEach((roomId, index) => publish(roomId, "room:heads", { heads: [{ roomId, epoch, seq: heads[index] ?? 0 }] }));
      }
    } catch (error) {
      report(error, "unable to tell where the rooms' logs end");
    }
  }
}
