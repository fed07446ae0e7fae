// @ts-check

/**
 * @typedef {{ id: string, seq: number, author: { id: string, name: string }, text: string, sentAt: number, editedAt?: number, deletedAt?: number }} Message
 * @typedef {{ id: string, text: string, seq?: number, refusal?: string }} Unsent
 * @typedef {{ ok: true, data: any } | { ok: false, error: { message: string, retry: string, retryAfterMs?: number } }} Answer
 */

/** What a question is answered with when the connection ends first: the outcome is not known. @type {Answer} */
const lost = { ok: false, error: { message: "the connection is lost", retry: "same" } };

/** One room, over one WebSocket after the other. What is in the frames is in docs/protocol.md. */
export class PlainChat {
  /** @type {"connecting" | "online" | "reconnecting" | "refused"} */
  status = "connecting";
  /** Who the server says we are. @type {{ id: string, name: string } | undefined} */
  me;
  /** What the log says, by id and in its order. @type {Map<string, Message>} */
  messages = new Map();
  /** What the log does not say yet. @type {Unsent[]} */
  outbox;

  #roomId;
  #onChange;
  #onFrame;
  /** Every event up to here is applied. @type {{ epoch: string, seq: number } | undefined} */
  #cursor;
  /** How far the server said the log goes. */
  #head = 0;
  /** @type {string | undefined} */
  #guestToken;
  /** @type {WebSocket | undefined} */
  #socket;
  /** Open questions by acknowledgement id. @type {Map<number, (answer: Answer) => void>} */
  #asked = new Map();
  #nextAck = 0;
  #attempts = 0;
  #comeBackAfterMs = 0;
  #silenceMs = 10_000;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silence;
  #isSyncing = false;
  #isSending = false;

  /** @param {{ roomId: string, onChange: () => void, onFrame: (direction: "→" | "←", frame: string) => void }} options */
  constructor({ roomId, onChange, onFrame }) {
    this.#roomId = roomId;
    this.#onChange = onChange;
    this.#onFrame = onFrame;
    ({ guestToken: this.#guestToken, outbox: this.outbox = [] } = JSON.parse(sessionStorage.getItem("plain-chat") ?? "{}"));
  }

  connect() {
    const socket = new WebSocket("/chat/socket.io/?EIO=4&transport=websocket");
    socket.onmessage = ({ data }) => this.#hear(data);
    socket.onclose = () => this.#end();
    this.#socket = socket;
    this.#listen();
  }

  /** @param {string} text */
  send(text) {
    this.outbox.push({ id: uuidv7(), text });
    this.#changed();
    void this.#flush();
  }

  /** Gives up what the server refused. @param {string} id */
  discard(id) {
    this.outbox = this.outbox.filter((unsent) => unsent.id !== id);
    this.#changed();
  }

  /** A server that is there says something at least at each ping. */
  #listen() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#end(), this.#silenceMs);
  }

  /** @param {string} frame */
  #hear(frame) {
    this.#onFrame("←", frame);
    this.#listen();
    if (frame === "2") return this.#write("3");
    if (frame.startsWith("0")) return this.#open(JSON.parse(frame.slice(1)));
    const [, type, ack, json] = /^4([1-4])(\d*)(.*)$/s.exec(frame) ?? [];
    const data = JSON.parse(json || "[]");
    if (type === "1") this.#end();
    else if (type === "2") this.#tell(data[0], data[1]);
    else if (type === "3") this.#answer(Number(ack), data[0]);
    else if (type === "4") this.#end(data.data);
  }

  /** @param {string} frame */
  #write(frame) {
    this.#onFrame("→", frame);
    this.#socket?.send(frame);
  }

  /** @param {{ pingInterval: number, pingTimeout: number }} packet */
  #open({ pingInterval, pingTimeout }) {
    this.#silenceMs = pingInterval + pingTimeout;
    this.#write(`40${JSON.stringify({ protocol: [1], ...(this.#guestToken && { guestToken: this.#guestToken }) })}`);
  }

  /** @param {string} name @param {any} payload */
  #tell(name, payload) {
    if (name === "session:ready") {
      ({ user: this.me, guestToken: this.#guestToken } = payload);
      this.#attempts = 0;
      void this.#join();
    } else if (name === "session:going-away") this.#comeBackAfterMs = payload.retryAfterMs;
    else if (name === "room:events") this.#take(payload.epoch, payload.from + payload.events.length - 1, payload.events);
    else if (name === "room:heads") for (const { epoch, seq } of payload.heads) this.#take(epoch, seq, []);
  }

  /** @param {number} ack @param {Answer} answer */
  #answer(ack, answer) {
    this.#asked.get(ack)?.(answer);
    this.#asked.delete(ack);
  }

  /** @param {string} name @param {object} input @returns {Promise<Answer>} */
  #ask(name, input) {
    const ack = this.#nextAck++;
    return new Promise((resolve) => {
      this.#asked.set(ack, resolve);
      this.#write(`42${ack}${JSON.stringify([name, input])}`);
    });
  }

  async #join() {
    const answer = await this.#ask("room:join", { roomId: this.#roomId, ...(this.#cursor && { after: this.#cursor }), limit: 200 });
    if (answer === lost) return;
    if (!answer.ok) return this.#end(answer.error);
    this.status = "online";
    this.#catchUp(answer.data.catchUp);
    void this.#flush();
  }

  /** @param {{ kind: "events" | "snapshot", epoch: string, head: number, events: any[], messages: Message[] }} catchUp */
  #catchUp({ kind, epoch, head, events, messages }) {
    if (kind === "events") return this.#take(epoch, head, events);
    this.messages = new Map(messages.map((message) => [message.id, message]));
    this.#cursor = { epoch, seq: head };
    this.#head = head;
    this.#changed();
  }

  /** Applies what is next and drops the rest: it was applied before, or is read again in its turn. @param {string} epoch @param {number} head @param {any[]} events */
  #take(epoch, head, events) {
    if (this.#cursor === undefined) return;
    if (epoch !== this.#cursor.epoch) return void this.#join();
    this.#head = Math.max(this.#head, head);
    for (const event of events) {
      if (event.seq !== this.#cursor.seq + 1) continue;
      this.#cursor.seq = event.seq;
      this.#apply(event);
    }
    if (this.#cursor.seq < this.#head) void this.#sync(this.#cursor);
    this.#changed();
  }

  /** Reads the log from the cursor to its end. What fails is tried again when the server tells the heads. @param {{ epoch: string, seq: number }} cursor */
  async #sync(cursor) {
    if (this.#isSyncing) return;
    this.#isSyncing = true;
    for (let before = -1; cursor === this.#cursor && before < cursor.seq && cursor.seq < this.#head; ) {
      before = cursor.seq;
      const answer = await this.#ask("room:sync", { roomId: this.#roomId, after: cursor });
      if (!answer.ok) break;
      this.#catchUp(answer.data);
    }
    this.#isSyncing = false;
  }

  /** An event of a type that is not here changes nothing on this page. @param {any} event */
  #apply({ type, id, seq, at, author, text, messageId }) {
    if (type === "message.sent") return void this.messages.set(id, { id, seq, author, text, sentAt: at });
    const message = this.messages.get(messageId);
    if (message === undefined || message.deletedAt !== undefined) return;
    if (type === "message.edited") this.messages.set(messageId, { ...message, text, editedAt: at });
    if (type === "message.deleted") this.messages.set(messageId, { ...message, text: "", deletedAt: at });
  }

  /** One at a time, so that they are written in the order they were said. */
  async #flush() {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let unsent = this.#next(); unsent !== undefined; unsent = this.#next()) {
      const answer = await this.#ask("message:send", { roomId: this.#roomId, id: unsent.id, text: unsent.text });
      if (answer === lost) break;
      if (answer.ok) unsent.seq = answer.data.event?.seq ?? 0;
      else if (answer.error.retry === "no") unsent.refusal = answer.error.message;
      else if (answer.error.retry === "same") await new Promise((resolve) => setTimeout(resolve, answer.error.retryAfterMs ?? 1_000));
      else this.#end(answer.error);
      this.#changed();
    }
    this.#isSending = false;
  }

  #next() {
    return this.status === "online" ? this.outbox.find(({ seq, refusal }) => seq === undefined && refusal === undefined) : undefined;
  }

  /** The connection is over. Cursor, token and outbox stay. @param {{ retry: string, retryAfterMs?: number }} [error] */
  #end(error) {
    clearTimeout(this.#silence);
    if (this.#socket) {
      this.#socket.onmessage = this.#socket.onclose = null;
      this.#socket.close();
    }
    for (const resolve of this.#asked.values()) resolve(lost);
    this.#asked.clear();
    // The answer may have been of a store that is another one when we are back, so only the log tells what is written.
    for (const unsent of this.outbox) delete unsent.seq;
    if (error?.retry === "reset") this.#cursor = undefined;
    this.status = error?.retry === "no" ? "refused" : "reconnecting";
    const backOffMs = Math.random() * Math.min(5_000, 300 * 2 ** this.#attempts++);
    if (this.status === "reconnecting") setTimeout(() => this.connect(), Math.max(backOffMs, this.#comeBackAfterMs, error?.retryAfterMs ?? 0));
    this.#comeBackAfterMs = 0;
    this.#changed();
  }

  #changed() {
    const seq = this.#cursor?.seq ?? 0;
    this.outbox = this.outbox.filter((unsent) => !this.messages.has(unsent.id) && !(unsent.seq !== undefined && unsent.seq <= seq));
    sessionStorage.setItem("plain-chat", JSON.stringify({ guestToken: this.#guestToken, outbox: this.outbox }));
    this.#onChange();
  }
}

/** Milliseconds since 1970 and 74 random bits. (`crypto.randomUUID` makes version 4, and only on https.) */
function uuidv7() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setBigUint64(0, (BigInt(Date.now()) << 16n) | 0x7000n | BigInt(((bytes[6] ?? 0) << 8 | (bytes[7] ?? 0)) & 0xfff));
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return Array.from(bytes, (byte, index) => ([4, 6, 8, 10].includes(index) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
}
