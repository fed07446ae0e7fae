import { ChatError } from "@chat-widget/protocol";
import type { Room } from "@chat-widget/client";
import type { History } from "./history.js";
import type { Tab } from "./tab.js";
import type { World } from "./world.js";

const emoji = ["👍", "🎉"] as const;

/** Does in a tab what visitors do. */
export class Visitor {
  readonly #world: World;
  readonly #tab: Tab;
  readonly #history: History;
  #count = 0;

  constructor(world: World, tab: Tab, history: History) {
    this.#world = world;
    this.#tab = tab;
    this.#history = history;
  }

  act(): void {
    const { timers } = this.#tab;
    timers.do(() => {
      const found = this.#world.pick([...this.#tab.rooms.values()]);
      if (found !== undefined) this.#actIn(found.room);
    });
  }

  #actIn(room: Room): void {
    const choice = this.#world.random();
    const { messages } = room.getSnapshot();
    for (const { delivery } of messages) {
      if (delivery.state !== "failed") continue;
      if (this.#world.chance(0.7)) room.retry(delivery.commandId);
      else room.discard(delivery.commandId);
    }
    const own = this.#world.pick(messages.filter(({ isMine, deletedAt, delivery }) => isMine && deletedAt === undefined && delivery.state !== "failed"));
    const any = this.#world.pick(messages.filter(({ delivery, deletedAt }) => delivery.state === "sent" && deletedAt === undefined));
    if (choice < 0.08 && own !== undefined) return this.#change(room.edit(own.id, `edited ${this.#count++}`));
    if (choice < 0.12 && own !== undefined) return this.#change(room.delete(own.id));
    if (choice < 0.2 && any !== undefined) return this.#change(room.react(any.id, this.#world.pick(emoji) ?? "👍", this.#world.chance(0.7)));
    if (choice < 0.24) return this.#change(room.loadOlder());
    if (choice < 0.28) return room.markRead();
    if (choice < 0.32) return room.setTyping(true);
    this.#send(room);
  }

  #send(room: Room): void {
    const asked: History["sent"][number] = { tab: this.#tab.name, roomId: room.id, text: `${this.#tab.name} ${this.#count++}`, askedAt: this.#world.now };
    this.#history.sent.push(asked);
    room.send({ text: asked.text }).then(
      (message) => (asked.answer = { at: this.#world.now, message }),
      (error: unknown) => (asked.answer = { at: this.#world.now, error: errorOf(error) }),
    );
  }

  #change(done: Promise<unknown>): void {
    const { changes } = this.#history;
    changes.asked += 1;
    done.then(
      () => (changes.done += 1),
      (error: unknown) => {
        const { code } = errorOf(error);
        changes.refused.set(code, (changes.refused.get(code) ?? 0) + 1);
      },
    );
  }
}

function errorOf(error: unknown): ChatError {
  return ChatError.is(error) ? error : new ChatError("internal", `unable to go on; ${String(error)}`);
}
