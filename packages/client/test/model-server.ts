import { ChatError, applyEvent, defaultLimits, defaultRoomSettings, messageIdOf, type CatchUp, type CommandInput, type CommandOutput, type Handshake, type Message, type RoomEvent, type Write, type WriteResult } from "@chat-widget/protocol";
import type { Link, Transport, TransportListener } from "@chat-widget/client";

/** Lets a message on a wire wait for as long as a test likes. */
export type Deliver = (what: string, run: () => void) => void;

const user = { id: "guest:1", name: "Ann", roles: ["guest" as const] };
/** Small numbers, so that short runs come to many pages and to snapshots. */
const [pageSize, snapshotSize, farAway] = [4, 5, 12];

/** A server as the protocol describes it, with one room, in a few lines and without time: what it says and hears travels when `deliver` lets it. */
export class ModelServer implements Transport {
  epoch = 1;
  events: RoomEvent[] = [];
  /** Every text of the visitor that was ever written, in whatever life of the store. */
  readonly everWritten = new Set<string>();
  isDown = false;
  /** What becomes of the next events on their way to readers. */
  readonly fates: ("lost" | "twice")[] = [];
  readonly connections = new Set<Connection>();
  readonly deliver: Deliver;

  constructor(deliver: Deliver) {
    this.deliver = deliver;
  }

  connect(_handshake: Handshake, listener: TransportListener): Link {
    const connection = new Connection(this, listener);
    this.connections.add(connection);
    connection.say("session:ready", { protocol: 1, user, guestToken: "token", limits: defaultLimits, serverTime: 0, capabilities: [] });
    return connection;
  }

  get messages(): Message[] {
    const messages = new Map<string, Message>();
    for (const event of this.events) {
      const message = applyEvent(messages.get(messageIdOf(event) ?? ""), event);
      if (message !== undefined) messages.set(message.id, message);
    }
    return [...messages.values()];
  }

  write({ name, input }: Write): WriteResult {
    if (this.isDown) return refused(new ChatError("unavailable", "unable to write; the store is down"));
    const known = this.events.find(({ id }) => id === input.id);
    if (known !== undefined) return { ok: true, data: { event: known } };
    const envelope = { id: input.id, seq: this.events.length + 1, at: 1 };
    if (name === "message:send") return this.append({ ...envelope, type: "message.sent", author: { id: user.id, name: user.name }, text: input.text });
    if (name === "event:publish") return this.append({ ...envelope, type: "event.published", name: input.name, author: { id: user.id, name: user.name }, data: input.data });
    const message = this.messages.find(({ id }) => id === input.messageId);
    if (message === undefined || message.deletedAt !== undefined) return refused(new ChatError("conflict", "unable to write; it is gone"));
    const change = { ...envelope, by: user.id, messageId: message.id };
    if (name === "message:edit") return this.append({ ...change, type: "message.edited", text: input.text });
    if (name === "message:delete") return this.append({ ...change, type: "message.deleted" });
    return this.append({ ...change, type: name === "reaction:add" ? "reaction.added" : "reaction.removed", emoji: input.emoji });
  }

  append(event: RoomEvent): WriteResult {
    this.events.push(event);
    if (event.type === "message.sent") this.everWritten.add(event.text);
    for (const connection of this.connections) {
      if (!connection.isInRoom) continue;
      const fate = this.fates.shift();
      const frame = { roomId: "lobby", epoch: this.name, from: event.seq, events: [event] };
      if (fate !== "lost") connection.say("room:events", frame);
      if (fate === "twice") connection.say("room:events", frame);
    }
    return { ok: true, data: { event } };
  }

  /** The store is put back to how it was that many events ago, as from a backup, and begins another life. */
  restore(lost: number): void {
    this.epoch += 1;
    this.events = this.events.slice(0, Math.max(0, this.events.length - lost));
    for (const connection of this.connections) connection.cut();
  }

  get name(): string {
    return `epoch ${this.epoch}`;
  }

  heads(): void {
    for (const connection of this.connections) {
      if (connection.isInRoom) connection.say("room:heads", { heads: [{ roomId: "lobby", epoch: this.name, seq: this.events.length }] });
    }
  }

  catchUp(after: { epoch: string; seq: number } | undefined): CatchUp {
    const head = this.events.length;
    const snapshot = (reason: Extract<CatchUp, { kind: "snapshot" }>["reason"]): CatchUp => {
      const { messages } = this;
      return { kind: "snapshot", epoch: this.name, head, reason, messages: messages.slice(-snapshotSize), hasOlder: messages.length > snapshotSize };
    };
    if (after === undefined) return snapshot("first");
    if (after.epoch !== this.name) return snapshot("epoch");
    if (after.seq > head) return snapshot("ahead");
    if (head - after.seq > farAway) return snapshot("far");
    return { kind: "events", epoch: this.name, head, events: this.events.slice(after.seq, after.seq + pageSize), more: after.seq + pageSize < head };
  }

  older({ before = Infinity }: CommandInput<"history:read">): CommandOutput<"history:read"> {
    const messages = this.messages.filter(({ seq }) => seq < before);
    return { epoch: this.name, asOf: this.events.length, messages: messages.slice(-pageSize), hasOlder: messages.length > pageSize, hasNewer: true };
  }
}

class Connection implements Link {
  isInRoom = false;
  #isOver = false;
  readonly #server: ModelServer;
  readonly #listener: TransportListener;
  readonly #waiting = new Set<() => void>();

  constructor(server: ModelServer, listener: TransportListener) {
    this.#server = server;
    this.#listener = listener;
  }

  say(name: string, payload: unknown): void {
    this.#server.deliver(name, () => this.#isOver || this.#listener.onEvent(name, payload));
  }

  request(name: string, input: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const miss = () => reject(new ChatError("timeout", "unable to know; the connection ended"));
      this.#waiting.add(miss);
      this.#server.deliver(`${name} asked`, () => {
        // Somewhere on the way is something that cannot bear this word.
        if (JSON.stringify(input).includes("poison")) return this.cut();
        // What was sent may still arrive when the one who sent it is gone.
        const answer = this.#answer(name, input);
        this.#server.deliver(`${name} answered`, () => this.#isOver || resolve(answer));
      });
    });
  }

  /** The connection ends, and the client learns of it. */
  cut(): void {
    if (this.#isOver) return;
    this.close();
    this.#listener.onClose(new ChatError("unavailable", "unable to stay connected; cut"));
  }

  close(): void {
    this.#isOver = true;
    this.#server.connections.delete(this);
    for (const miss of this.#waiting) miss();
  }

  #answer(name: string, raw: unknown): unknown {
    const server = this.#server;
    // The client has checked what it asks, and each name has its own input.
    const input = raw as never;
    switch (name) {
      case "room:join":
        this.isInRoom = true;
        return ok({ catchUp: server.catchUp((input as CommandInput<"room:join">).after), receipts: [], presence: { count: 1, users: [] }, permissions: ["read", "send"], settings: defaultRoomSettings });
      case "room:sync":
        return ok(server.catchUp((input as CommandInput<"room:sync">).after));
      case "room:write": {
        const results: WriteResult[] = [];
        for (const write of (input as CommandInput<"room:write">).writes) {
          const stopped = results.some((result) => !result.ok && result.error.retry === "same");
          results.push(stopped ? refused(new ChatError("aborted", "unable to write; an earlier one failed")) : server.write(write));
        }
        return ok({ results });
      }
      case "history:read":
        return ok(server.older(input));
      case "message:read":
        return ok({ messages: [] });
      default:
        return ok({});
    }
  }
}

const ok = (data: unknown) => ({ ok: true, data });
const refused = (error: ChatError): WriteResult => ({ ok: false, error: error.toJSON() });
