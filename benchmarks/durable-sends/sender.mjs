import { messageId } from "../wire/message-id.mjs";
import { SocketIoWire } from "../wire/socket-io-wire.mjs";

/** Someone who sends a message, waits until it is acknowledged, and sends the next. */
export class Sender {
  /** Ids of everything acknowledged. */
  acknowledged = [];
  /** How long each acknowledgement of this round took, in milliseconds. */
  latencies = [];
  /** Frames that others' messages and one's own came in. */
  told = 0;
  #wire;
  #dialect;
  #number;
  #room;
  #id;
  #askedAt = 0;
  #until = 0;
  #finish;

  static async connect({ port, dialect, number, room, onEnd }) {
    const sender = new Sender();
    sender.#dialect = dialect;
    sender.#number = number;
    sender.#room = room;
    sender.#wire = await SocketIoWire.open({ port, path: dialect.path, handshake: dialect.handshake(room), onEnd });
    sender.#wire.onTold = () => void (sender.told += 1);
    if (dialect.join !== undefined) await sender.#join(dialect.join(room));
    return sender;
  }

  /** Sends until a moment. Resolves when the last is acknowledged; those that are so after it do not count. */
  sendUntil(until) {
    this.#until = until;
    this.latencies = [];
    return new Promise((resolve, reject) => {
      this.#finish = resolve;
      this.#wire.onAnswer = (answer) => {
        if (answer.startsWith(this.#dialect.refusal)) return reject(new Error(`unable to send; the server answered ${answer}`));
        this.#taken();
      };
      this.#send();
    });
  }

  #join(event) {
    return new Promise((resolve) => {
      this.#wire.onAnswer = resolve;
      this.#wire.ask(event);
    });
  }

  #send() {
    this.#id = messageId(this.#number, this.acknowledged.length);
    this.#askedAt = performance.now();
    this.#wire.ask(this.#dialect.send(this.#room, this.#id));
  }

  #taken() {
    this.acknowledged.push(this.#id);
    const now = performance.now();
    if (now > this.#until) return this.#finish();
    this.latencies.push(now - this.#askedAt);
    this.#send();
  }
}
