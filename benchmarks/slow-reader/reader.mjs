// Somebody with our client, whose network can be stopped so that nothing comes in.
import { createChatClient } from "@chat-widget/client";
import { answer, setup } from "../processes/answer.mjs";
import { PausedWebSocket } from "./paused-web-socket.mjs";

globalThis.WebSocket = PausedWebSocket;
const quiet = { debug() {}, info() {}, warn() {}, error: console.error };
const client = createChatClient({ url: `http://127.0.0.1:${setup.port}/chat`, logger: quiet });
const room = client.room(setup.room);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

answer({
  stop: () => PausedWebSocket.pauseAll(),
  goOn: () => PausedWebSocket.resumeAll(),
  connections: () => PausedWebSocket.opened,
  /** Milliseconds until a message is on the screen. */
  async sees(id) {
    const began = performance.now();
    while (room.getSnapshot().messages.at(-1)?.id !== id) await pause(5);
    return performance.now() - began;
  },
  /** The newest on the screen. */
  newest: () => room.getSnapshot().messages.at(-1)?.id,
  /** The ids of everything on the screen, once it was scrolled back to the beginning. */
  async history() {
    while (room.getSnapshot().hasOlder) await room.loadOlder();
    return room.getSnapshot().messages.map(({ id }) => id);
  },
});
