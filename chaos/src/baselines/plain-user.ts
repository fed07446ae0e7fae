import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { io, type Socket } from "socket.io-client";
import type { Participant, ParticipantState, Place } from "../clients/participant.ts";
import { noFaults } from "../clients/push-faults.ts";
import { textOf } from "../clients/workload.ts";
import { contentDigest, messageDigest } from "../history/digest.ts";
import type { WholeLine } from "../history/record.ts";
import { pick } from "../random.ts";
import type { Row, Way, Wish } from "./wire.ts";

const answerMs = 2_000;
/** The tutorial's server does not say when it has sent all of the history. */
const tutorialMs = 1_500;

/** One person at a page that uses Socket.IO alone. A page that was opened anew reads the history; what it shows else is what it was told. */
export class PlainUser implements Participant {
  readonly name: string;
  readonly faults = { ...noFaults };
  readonly #place: Place;
  readonly #way: Way;
  #socket: Socket;
  #shown = new Map<string, Row[]>();
  /** Resolves once the page has read what was there when it was opened. */
  #opened = Promise.resolve();
  #count = 0;
  #open = 0;

  constructor(place: Place, way: Way) {
    this.name = place.name;
    this.#place = place;
    this.#way = way;
    this.#socket = this.#connect();
  }

  act(): void {
    const { random, rooms, userId, life, note } = this.#place;
    const text = textOf(`${this.name} ${life} ${++this.#count}`, random);
    const wish: Wish = { room: pick(random, rooms), id: randomUUID(), author: userId, text };
    note({ kind: "ask", room: wish.room, id: wish.id, type: "message.sent", digest: contentDigest({ type: "message.sent", text }) });
    void this.#send(this.#socket, wish);
  }

  look(): void {}

  async reload(): Promise<void> {
    this.#socket.disconnect();
    this.#open = 0;
    this.#socket = this.#connect();
  }

  state(): ParticipantState {
    const screens = this.#place.rooms.map((room) => {
      const lines = this.#lines(room);
      return { room, from: 1, count: lines.length, sum: lines.reduce((sum, [, , , digest]) => (sum + digest) >>> 0, 0), pending: 0 };
    });
    return { open: this.#open, kept: 0, screens };
  }

  async finish(): Promise<void> {
    await Promise.race([this.#opened, pause(5 * answerMs)]);
    for (const room of this.#place.rooms) this.#place.note({ kind: "final", room, from: 1, lines: this.#lines(room), pending: 0 });
  }

  async close(): Promise<void> {
    this.#socket.disconnect();
  }

  #connect(): Socket {
    const { origin, rooms, note } = this.#place;
    this.#shown = new Map(rooms.map((room) => [room, []]));
    const shown = this.#shown;
    const read = () => Object.fromEntries(rooms.map((room) => [room, Math.max(0, ...(shown.get(room) ?? []).map(({ seq }) => seq))]));
    const retries = this.#way === "recovery" || this.#way === "tutorial" ? { retries: 3, ackTimeout: answerMs } : {};
    const socket = io(origin, { path: "/chat/socket.io", transports: ["websocket"], forceNew: true, auth: (give) => give({ rooms, read: read() }), ...retries });
    const isTutorial = this.#way === "tutorial";
    const waiting: Row[] = [];
    let isOpen = isTutorial;
    socket.on("message", (row: Row) => (isOpen ? shown.get(row.room)?.push(row) : waiting.push(row)));
    socket.on("connect", () => note({ kind: "link", isUp: true }));
    socket.on("disconnect", () => note({ kind: "link", isUp: false }));
    let open = (): void => undefined;
    this.#opened = new Promise((resolve) => (open = resolve));
    if (isTutorial) socket.once("connect", () => setTimeout(open, tutorialMs));
    else {
      socket.once("connect", async () => {
        for (const room of rooms) {
          const rows: Row[] = await socket.timeout(answerMs).emitWithAck("history", room).catch(() => []);
          const known = new Set(rows.map(({ seq }) => seq));
          shown.set(room, [...rows, ...waiting.filter((row) => row.room === room && !known.has(row.seq))]);
        }
        isOpen = true;
        open();
      });
    }
    return socket;
  }

  async #send(socket: Socket, wish: Wish): Promise<void> {
    const { note } = this.#place;
    if (this.#way === "emit") {
      socket.emit("message", wish);
      // There is no answer to wait for: the message is on its way, and the box is empty.
      if (socket.connected) note({ kind: "done", room: wish.room, id: wish.id });
      return;
    }
    this.#open += 1;
    while (socket === this.#socket) {
      try {
        const seq: number = await (this.#way === "retry" ? socket.timeout(answerMs) : socket).emitWithAck("message", wish);
        note({ kind: "ack", room: wish.room, id: wish.id, ...(seq > 0 && { seq }) });
        break;
      } catch {
        // The library has given up after its retries; by hand there is no end to them.
        if (this.#way === "retry") continue;
        note({ kind: "fail", room: wish.room, id: wish.id, code: "timeout" });
        break;
      }
    }
    if (socket === this.#socket) this.#open -= 1;
  }

  #lines(room: string): WholeLine[] {
    return (this.#shown.get(room) ?? []).map(({ id, seq, at, author, text }): WholeLine => {
      return [id, seq, seq, messageDigest({ id, seq, rev: seq, sentAt: at, author: { id: author, name: author }, text, reactions: [] })];
    });
  }
}
