import type { Socket } from "socket.io";

/** The connections of this node, by user. */
export class Sessions {
  readonly #release: (socket: Socket) => void;
  readonly #sockets = new Map<string, Set<Socket>>();

  /** `release` ends a connection so that its client comes back. */
  constructor(release: (socket: Socket) => void) {
    this.#release = release;
  }

  add(userId: string, socket: Socket): void {
    const sockets = this.#sockets.get(userId) ?? new Set();
    this.#sockets.set(userId, sockets.add(socket));
    socket.once("disconnect", () => {
      sockets.delete(socket);
      if (sockets.size === 0 && this.#sockets.get(userId) === sockets) this.#sockets.delete(userId);
    });
  }

  disconnect(userId: string): void {
    for (const socket of this.#sockets.get(userId) ?? []) this.#release(socket);
  }
}
