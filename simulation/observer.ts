import type { Room, RoomMessage } from "@chat-widget/client";

/** Looks at every snapshot of a room for what must never be seen. */
export class Observer {
  readonly faults: string[] = [];
  readonly #name: string;
  readonly #places = new Map<string, number>();

  constructor(name: string, room: Room) {
    this.#name = name;
    room.subscribe(() => this.#look(room.getSnapshot().messages));
  }

  #look(messages: readonly RoomMessage[]): void {
    let before = 0;
    let isPast = false;
    const seen = new Set<string>();
    for (const { id, seq, delivery } of messages) {
      if (seen.has(id)) this.#fault(`${id} is there twice`);
      seen.add(id);
      if (delivery.state !== "sent") {
        isPast = true;
        continue;
      }
      if (isPast) this.#fault(`${seq} stands after what is pending`);
      if (seq <= before) this.#fault(`${seq} stands after ${before}`);
      before = seq;
      const known = this.#places.get(id);
      if (known !== undefined && known !== seq) this.#fault(`${id} moved from ${known} to ${seq}`);
      this.#places.set(id, seq);
    }
  }

  #fault(what: string): void {
    if (this.faults.length < 10) this.faults.push(`${this.#name}: ${what}`);
  }
}
