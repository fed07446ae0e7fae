import type { Socket } from "socket.io";

/** How many users are remembered for those who were connecting while they were disconnected. */
const rememberedUsers = 10_000;

/** The connections of this node, by user. */
export class Sessions {
  readonly #mostPerUser: number;
  readonly #cut: (socket: Socket) => void;
  readonly #sockets = new Map<string, Set<Socket>>();
  /** Users who were disconnected, each with the number of the disconnection, the latest last. */
  readonly #ended = new Map<string, number>();
  #count = 0;

  /** `cut` ends a connection at once. */
  constructor(mostPerUser: number, cut: (socket: Socket) => void) {
    this.#mostPerUser = mostPerUser;
    this.#cut = cut;
  }

  add(userId: string, socket: Socket): void {
    const sockets = this.#sockets.get(userId) ?? new Set();
    this.#sockets.set(userId, sockets.add(socket));
    socket.once("disconnect", () => {
      sockets.delete(socket);
      if (sockets.size === 0 && this.#sockets.get(userId) === sockets) this.#sockets.delete(userId);
    });
  }

  /** Whether a user has as many connections as they may. The newest is refused and not the oldest ended: clients that come back by themselves would end each other for ever. */
  isFull(userId: string): boolean {
    return (this.#sockets.get(userId)?.size ?? 0) >= this.#mostPerUser;
  }

  /** How many disconnections there were, for {@link wasEnded}. */
  get endings(): number {
    return this.#count;
  }

  /** Whether a user was disconnected after the first so many disconnections: who they are was asked before, and may be true no more. */
  wasEnded(userId: string, endings: number): boolean {
    return (this.#ended.get(userId) ?? 0) > endings;
  }

  disconnect(userId: string): void {
    this.#ended.delete(userId);
    this.#ended.set(userId, (this.#count += 1));
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > rememberedUsers && oldest !== undefined) this.#ended.delete(oldest);
    for (const socket of this.#sockets.get(userId) ?? []) this.#cut(socket);
  }
}
