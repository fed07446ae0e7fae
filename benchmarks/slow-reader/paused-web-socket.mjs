import { WebSocket } from "ws";

const open = new Set();
let isPaused = false;

/** A WebSocket whose bytes can be left unread in the network, those of connections made meanwhile included. */
export class PausedWebSocket extends WebSocket {
  constructor(address) {
    super(address);
    PausedWebSocket.opened += 1;
    open.add(this);
    this.once("open", () => isPaused && this.pause());
    this.once("close", () => open.delete(this));
  }

  /** How many were made. */
  static opened = 0;

  static pauseAll() {
    isPaused = true;
    for (const socket of open) socket.pause();
  }

  static resumeAll() {
    isPaused = false;
    for (const socket of open) socket.resume();
  }
}
