// One who asks for as much as a connection, or the whole of an address, can ask for, from an address of its own.
import { WebSocket } from "ws";
import { answer, setup } from "../processes/answer.mjs";
import { messageId } from "../wire/message-id.mjs";

const { port, room } = setup;
const address = `ws://127.0.0.1:${port}/chat/socket.io/?EIO=4&transport=websocket`;
/** So that limits per address tell the abuser from everybody else. */
const localAddress = "127.0.0.2";
const count = { asked: 0, done: 0, refused: 0, connections: 0 };
let ids = 0;
/** Whether to go on, and with what. */
let kind;
const open = new Set();

const command = (name, input) => JSON.stringify([name, { roomId: room, ...input }]);
const large = command("message:send", { id: "x", text: "x".repeat(60_000) });
/** How each kind asks, and how often in a second: above what one connection may, so that it is cut, and below. */
const kinds = {
  "commands at the limit": { perSecond: 40, make: () => command("message:send", { id: messageId(7, ids++), text: "buy" }) },
  "commands beyond it": { perSecond: 2_000, make: () => command("message:send", { id: messageId(7, ids++), text: "buy" }) },
  "history reads": { perSecond: 40, make: () => command("history:read", { limit: 200 }) },
  "large packets": { perSecond: 40, make: () => large },
  "connections": { perSecond: 0, make: () => "" },
};

/** One connection of the abuser; when it is cut there is another. */
function connect(own) {
  const socket = new WebSocket(address, { perMessageDeflate: false, localAddress });
  let timer;
  open.add(socket);
  socket.on("message", (frame) => {
    const text = frame.toString("latin1", 0, 40);
    if (text.startsWith("0")) socket.send('40{"protocol":[1]}');
    else if (text.startsWith("2")) socket.send("3");
    else if (text.startsWith('42["session:ready"')) {
      count.connections += 1;
      // Come and gone: the whole of what it costs to be let in, again and again.
      if (own === "connections") return void socket.close();
      socket.send(`420${command("room:join", {})}`);
      const { perSecond, make } = kinds[own];
      const each = Math.max(1, perSecond / 100);
      timer = setInterval(() => {
        if (socket.readyState !== WebSocket.OPEN) return;
        for (let n = 0; n < each; n++, count.asked++) socket.send(`421${make()}`);
      }, Math.max(10, 1_000 / perSecond));
    } else if (text.startsWith("431")) count[text.includes('"ok":true') ? "done" : "refused"] += 1;
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    clearInterval(timer);
    open.delete(socket);
    if (kind === own) setTimeout(() => kind === own && connect(own), 5);
  });
}

answer({
  start(wanted) {
    kind = wanted;
    for (const name of Object.keys(count)) count[name] = 0;
    for (let n = 0; n < (wanted === "connections" ? 20 : 2); n++) connect(wanted);
  },
  /** Leaves; gives what was asked and what came of it. */
  stop() {
    kind = undefined;
    for (const socket of open) socket.terminate();
    return { ...count };
  },
  kinds: () => Object.keys(kinds),
});
