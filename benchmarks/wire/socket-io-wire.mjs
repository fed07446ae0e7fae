import { WebSocket } from "ws";

const [zero, two, three, four] = Buffer.from("0234");

/**
 * One connection to a Socket.IO server with no more than a benchmark needs; frames are read by whoever wants to know.
 * A whole client would cost more than the server it is to load.
 */
export class SocketIoWire {
  /** Called with the text of each answer, after its id. */
  onAnswer = () => undefined;
  /** Called with each frame that is no answer: what was told. */
  onTold = () => undefined;
  #socket;
  #heartbeat;

  /** Resolves when the server has taken the connection; `onEnd` is told of its end. */
  static open({ port, path, handshake, onEnd }) {
    const wire = new SocketIoWire();
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}/?EIO=4&transport=websocket`, { perMessageDeflate: false });
    wire.#socket = socket;
    return new Promise((resolve, reject) => {
      const fail = (reason) => {
        const error = new Error(`unable to stay connected; ${reason}`);
        reject(error);
        onEnd(error);
      };
      socket.on("error", ({ message }) => fail(message));
      socket.on("close", (code) => fail(`the server closed the connection (${code})`));
      socket.on("message", (frame) => {
        const [engineType, type] = frame;
        if (engineType === zero) socket.send(`40${JSON.stringify(handshake)}`);
        else if (engineType === two) socket.send("3");
        else if (engineType !== four) fail(`it said ${frame}`);
        else if (type === three) wire.onAnswer(frame.latin1Slice(frame.indexOf("[")));
        else if (type === two) wire.onTold(frame);
        else if (type === zero) resolve(wire);
        else fail(`it said ${frame}`);
      });
    });
  }

  /** Sends an event as it stands in JSON, to be answered. */
  ask(event) {
    this.#socket.send(`420${event}`);
  }

  /** Leaves what comes unread in the network, and still says that it is there. */
  pause() {
    this.#socket.pause();
    this.#heartbeat = setInterval(() => this.#socket.send("3", () => undefined), 5_000);
  }

  resume() {
    clearInterval(this.#heartbeat);
    this.#socket.resume();
  }
}
