import type { Room, RoomMessage } from "@chat-widget/client";
import { pick, type Random } from "../random.ts";

/** Who does it. */
export interface Writer {
  readonly name: string;
  readonly rooms: readonly Room[];
  send(room: Room, text: string, replyTo?: string): void;
  change(room: Room, target: RoomMessage, run: () => Promise<void>): void;
}

const emoji = ["👍", "🎉", "😀", "❤️"] as const;
const mostBytes = 2_000;
/** Changes are asked of one of so many newest messages. */
const reach = 60;

/** What one person does: 80 in 100 write, 8 change, 4 delete, 8 react. The same seed makes the same wishes. */
export class Workload {
  readonly #user: Writer;
  readonly #random: Random;
  /** Makes each text one of its kind, also over a restart of the process. */
  readonly #life: string;
  readonly #deleted = new Set<string>();
  #count = 0;

  constructor(user: Writer, random: Random, life: string) {
    this.#user = user;
    this.#random = random;
    this.#life = life;
  }

  /** Asks one thing. */
  act(): void {
    const random = this.#random;
    const room = pick(random, this.#user.rooms);
    const confirmed = room.getSnapshot().messages.filter(({ delivery, deletedAt, id }) => delivery.state === "sent" && deletedAt === undefined && !this.#deleted.has(id)).slice(-reach);
    const own = confirmed.filter(({ isMine }) => isMine);
    const choice = random();
    if (choice < 0.08 && own.length > 0) this.#edit(room, pick(random, own));
    else if (choice < 0.12 && own.length > 0) this.#delete(room, pick(random, own));
    else if (choice < 0.2 && confirmed.length > 0) this.#react(room, pick(random, confirmed));
    else this.#user.send(room, this.#text(), random() < 0.05 && confirmed.length > 0 ? pick(random, confirmed).id : undefined);
  }

  #edit(room: Room, target: RoomMessage): void {
    const text = this.#text();
    this.#user.change(room, target, () => room.edit(target.id, text));
  }

  #delete(room: Room, target: RoomMessage): void {
    this.#deleted.add(target.id);
    this.#user.change(room, target, () => room.delete(target.id));
  }

  #react(room: Room, target: RoomMessage): void {
    const [sign, isOn] = [pick(this.#random, emoji), this.#random() < 0.75];
    this.#user.change(room, target, () => room.react(target.id, sign, isOn));
  }

  #text(): string {
    return textOf(`${this.#user.name} ${this.#life} ${++this.#count}`, this.#random);
  }
}

/** A text under a name of its own; mostly short, as people write. */
export function textOf(name: string, random: Random): string {
  return `${name} ${"x".repeat(1 + Math.floor(mostBytes * random() ** 4))}`;
}
