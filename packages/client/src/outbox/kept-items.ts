import { idOf, type OutboxItem } from "./outbox-item.js";
import type { OutboxShelf } from "./outbox-shelf.js";

/** What may wait for the server. */
const most = { commands: 1_000, characters: 2_000_000 };

/** What was asked in one room, first in first out, and its copies on the shelf of who asked. */
export class KeptItems {
  #items: readonly OutboxItem[] = [];
  #shelf: OutboxShelf | undefined;
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** In the order they were asked. A new array after every change. */
  get all(): readonly OutboxItem[] {
    return this.#items;
  }

  get shelf(): OutboxShelf | undefined {
    return this.#shelf;
  }

  /** Whether so much waits that no more can be asked. */
  get isFull(): boolean {
    const characters = this.#items.reduce((sum, { write: { input } }) => sum + ("text" in input ? input.text.length : 0), 0);
    return this.#items.length >= most.commands || characters >= most.characters;
  }

  find(id: string): OutboxItem | undefined {
    return this.#items.find((item) => idOf(item) === id);
  }

  /** Puts an item at the end, wherever it was. */
  append(item: OutboxItem): void {
    this.#shelf?.put(item);
    this.#change([...this.#items.filter((other) => idOf(other) !== idOf(item)), item]);
  }

  /** Changes an item, and its copy. */
  keep(item: OutboxItem): void {
    this.#shelf?.put(item);
    this.replace(item);
  }

  /** Changes an item; its copy needs no change. */
  replace(item: OutboxItem): void {
    this.#change(this.#items.map((other) => (idOf(other) === idOf(item) ? item : other)));
  }

  /** Changes an item that needs no copy any more. */
  settle(item: OutboxItem): void {
    this.#shelf?.remove(idOf(item));
    this.replace(item);
  }

  remove(id: string): void {
    this.#shelf?.remove(id);
    this.#change(this.#items.filter((item) => idOf(item) !== id));
  }

  /** Adds what other pages asked. Of what several pages asked, each page's stays in its order: ids are numbered by time. */
  merge(items: Iterable<OutboxItem>): void {
    this.#change([...items, ...this.#items].toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1)));
  }

  /** Goes on with another shelf, and those items that are to be on it; the others stay where they are kept. */
  moveTo(shelf: OutboxShelf, isMoved: (item: OutboxItem) => boolean): void {
    const old = this.#shelf;
    this.#shelf = shelf;
    const moved = this.#items.filter(isMoved);
    for (const item of moved) {
      old?.remove(idOf(item));
      shelf.put(item);
    }
    old?.leave();
    this.#change(moved);
  }

  #change(items: readonly OutboxItem[]): void {
    this.#items = items;
    this.#onChange();
  }
}
