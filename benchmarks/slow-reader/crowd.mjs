// One who writes at a steady pace and many who read, each message with the moment it was sent.
import { answer, setup } from "../processes/answer.mjs";
import { percentile } from "../report/figures.mjs";
import { messageId } from "../wire/message-id.mjs";
import { SocketIoWire } from "../wire/socket-io-wire.mjs";

const { port, readersPort = port, room, readers, perSecond, bytes } = setup;
const filling = "x".repeat(bytes);
const sentAt = /"text":"(\d+\.\d+) /g;
const sent = [];
let acknowledged = 0;
let latencies = [];

const join = (port) =>
  SocketIoWire.open({
    port,
    path: "/chat/socket.io",
    handshake: { protocol: [1] },
    onEnd(error) {
      throw error;
    },
  }).then(
    (wire) =>
      new Promise((resolve) => {
        wire.onAnswer = () => resolve(wire);
        wire.ask(`["room:join",{"roomId":"${room}"}]`);
      }),
  );
const listen = async () => {
  const wire = await join(readersPort);
  wire.onTold = (frame) => {
    for (const [, at] of frame.latin1Slice().matchAll(sentAt)) latencies.push(performance.now() - Number(at));
  };
};
await Promise.all(Array.from({ length: readers }, listen));
const writer = await join(port);
writer.onAnswer = (reply) => {
  if (!reply.startsWith('[{"ok":true')) throw new Error(`unable to write; the server answered ${reply}`);
  acknowledged += 1;
};

function write() {
  const id = messageId(0, sent.length);
  sent.push(id);
  writer.ask(`["message:send",{"roomId":"${room}","id":"${id}","text":"${performance.now().toFixed(3)} ${filling}"}]`);
}
let timer;

answer({
  start: () => void (timer = setInterval(write, 1_000 / perSecond)),
  /** Latencies since it was asked last. */
  latency() {
    const measured = latencies;
    latencies = [];
    return { deliveries: measured.length, p50: percentile(measured, 0.5), p99: percentile(measured, 0.99) };
  },
  /** Stops writing; gives the ids of what was sent, in order, once all of it is acknowledged. */
  async stop() {
    clearInterval(timer);
    while (acknowledged < sent.length) await new Promise((resolve) => setTimeout(resolve, 20));
    return sent;
  },
});
