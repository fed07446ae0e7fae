// Somebody who can stop reading and says all the while that they are there: nothing but the server's own bounds ends that.
import { answer, setup } from "../processes/answer.mjs";
import { SocketIoWire } from "../wire/socket-io-wire.mjs";

const wire = await SocketIoWire.open({ port: setup.port, path: "/chat/socket.io", handshake: { protocol: [1] }, onEnd: () => undefined });
await new Promise((resolve) => {
  wire.onAnswer = resolve;
  wire.ask(`["room:join",{"roomId":"${setup.room}"}]`);
});

answer({ stop: () => wire.pause(), goOn: () => wire.resume() });
