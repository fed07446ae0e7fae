import { faultsOfEvent, faultsOfReply, roomsIn } from "./allow-list.js";

/** A Socket.IO packet: kind, namespace, number of the acknowledgement, data. */
const packetParts = /^(\d)(?:(\/[^,]*),)?(\d+)?(.*)$/s;

/** What is only for those who have the room open. */
const forThoseInside: ReadonlySet<string> = new Set(["room:events", "room:heads", "typing:changed", "presence:changed", "receipt:moved", "event:whispered", "message:streaming"]);

interface Question {
  name: string;
  roomId: string | undefined;
}

/** Says whether a user may read a room right now. */
export type MayRead = (userId: string, roomId: string) => boolean;

/** One connection as the wire sees it: what is sent to it is held against what its user may be told. */
export class Recipient {
  readonly #mayRead: MayRead;
  readonly #namespace: string;
  readonly #asked = new Map<string, Question>();
  readonly #rooms = new Set<string>();
  /** Known from the server's first words on. */
  userId: string | undefined;
  /** What should not have been sent. */
  readonly faults: string[] = [];
  /** Everything that was sent to it, as it was. */
  readonly received: string[] = [];

  /** An application may have namespaces of its own on the same connection. */
  constructor(mayRead: MayRead = () => true, namespace = "/") {
    this.#mayRead = mayRead;
    this.#namespace = namespace;
  }

  /** A Socket.IO packet from the client. */
  says(packet: string): void {
    const [, kind, namespace = "/", ack, json = ""] = packetParts.exec(packet) ?? [];
    if (namespace !== this.#namespace) return;
    const data = kind === "2" ? readJson(json) : undefined;
    if (ack === undefined || !Array.isArray(data)) return;
    const [name, input]: unknown[] = data;
    const [roomId] = roomsIn(input);
    this.#asked.set(ack, { name: String(name), roomId });
    // The room is opened, and told of, before the answer goes out.
    if (name === "room:join" && roomId !== undefined) this.#rooms.add(roomId);
  }

  /** A Socket.IO packet from the server. */
  hears(packet: string): void {
    const [, kind, namespace = "/", ack, json = ""] = packetParts.exec(packet) ?? [];
    if (namespace !== this.#namespace) return;
    this.received.push(packet);
    const data = readJson(json);
    if (kind === "0" || kind === "1") return;
    if (kind === "2" && Array.isArray(data) && data.length === 2 && ack === undefined) return this.#hearEvent(String(data[0]), data[1]);
    if (kind === "3" && Array.isArray(data) && data.length === 1 && ack !== undefined) return this.#hearReply(ack, data[0]);
    // A refusal to connect; its data is an error like any other.
    if (kind === "4" && isConnectError(data)) return void (data.data !== undefined && this.#note(faultsOfReply("connect", { ok: false, error: data.data })));
    this.#note([`a packet of no kind there is: ${packet.slice(0, 100)}`]);
  }

  #hearEvent(name: string, payload: unknown): void {
    if (name === "session:ready") this.userId = userIdOf(payload);
    this.#note(faultsOfEvent(name, payload));
    for (const roomId of roomsIn(payload)) {
      this.#checkRoom(name, roomId);
      if (forThoseInside.has(name) && !this.#rooms.has(roomId)) this.#note([`${name} of ${roomId}, which is not open here`]);
    }
  }

  #hearReply(ack: string, reply: unknown): void {
    const question = this.#asked.get(ack);
    this.#asked.delete(ack);
    if (question === undefined) return this.#note([`an answer to what was not asked: ${ack}`]);
    const { name, roomId } = question;
    const isDone = typeof reply === "object" && reply !== null && "ok" in reply && reply.ok === true;
    if (name === "room:leave" && isDone && roomId !== undefined) this.#rooms.delete(roomId);
    this.#note(faultsOfReply(name, reply));
    // Who leaves a room is told no more than that they left.
    for (const about of isDone && name !== "room:leave" ? [roomId, ...roomsIn(reply)] : []) if (about !== undefined) this.#checkRoom(name, about);
  }

  #checkRoom(name: string, roomId: string): void {
    if (!this.#mayRead(this.userId ?? "", roomId)) this.#note([`${name} of ${roomId}, which ${this.userId} may not read`]);
  }

  #note(faults: readonly string[]): void {
    this.faults.push(...faults);
  }
}

function userIdOf(ready: unknown): string | undefined {
  if (typeof ready !== "object" || ready === null || !("user" in ready)) return undefined;
  const { user } = ready;
  return typeof user === "object" && user !== null && "id" in user ? String(user.id) : undefined;
}

function isConnectError(data: unknown): data is { message: string; data?: unknown } {
  return typeof data === "object" && data !== null && "message" in data && Object.keys(data).every((key) => key === "message" || key === "data");
}

function readJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
