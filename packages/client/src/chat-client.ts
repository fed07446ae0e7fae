import { ChatError, type EventDefinitions, type Identity, type NoEvents, type User } from "@chat-widget/protocol";
import type { ClientSnapshot } from "./client-snapshot.js";
import { Connection } from "./connection/connection.js";
import type { Renewal } from "./connection/renewal.js";
import { IdentityKeeper } from "./identity-keeper.js";
import { Listeners } from "./listeners.js";
import { resolveOptions, type ChatClientOptions, type Settings } from "./options.js";
import type { Moving } from "./outbox/outbox.js";
import { OutboxShelf } from "./outbox/outbox-shelf.js";
import type { OwnRooms } from "./room/own-rooms.js";
import { RoomEngine } from "./room/room-engine.js";
import type { Room } from "./room/room.js";
import type { AnyServerEvent } from "./server-link.js";

/** One connection to a chat server, and the rooms open on it. */
export interface ChatClient<E extends EventDefinitions = NoEvents> {
  /** Everything a screen needs of the connection, now. The same object until something changes. */
  getSnapshot(): ClientSnapshot;
  /** Calls back after changes, at most once a turn; gives the function that ends it. */
  subscribe(listener: () => void): () => void;
  /** Connects, and goes on connecting until closed or refused; after a refusal it tries again. Taking a room does it too. Nothing is stored or sent before. */
  connect(): void;
  /** Takes a room: the same object for everybody who takes the same id, until each has released it. */
  room(roomId: string): Room<E>;
  /** The rooms that the user belongs to, and how they come to others; loaded when it is first used. */
  ownRooms(): Promise<OwnRooms>;
  /** Gives a guest a new name. @throws {ChatError} as a rejection */
  rename(name: string): Promise<User>;
  /** Shows the server a new token from `getToken`; for the same user. @throws {ChatError} as a rejection */
  refreshToken(): Promise<User>;
  /** Leaves all rooms and disconnects, for good. What is unsent stays in storage. */
  close(): Promise<void>;
}

/**
 * Makes a client; it connects when the first room is taken.
 *
 * @example
 * const client = createChatClient({ url: "https://www.example.com/chat" });
 * const room = client.room("lobby");
 * room.subscribe(() => console.log(room.getSnapshot().messages));
 * await room.send({ text: "hello" });
 *
 * @throws {ChatError} `invalid` when an option is mistaken
 */
export function createChatClient<E extends EventDefinitions = NoEvents>(options: ChatClientOptions<E> = {}): ChatClient<E> {
  return new ClientEngine(resolveOptions(options));
}

class ClientEngine implements ChatClient {
  readonly #settings: Settings;
  readonly #identity: IdentityKeeper;
  readonly #connection: Connection;
  readonly #listeners: Listeners;
  /** Whether a server has said who is here; before, it is only remembered. */
  #isUserKnown = false;
  readonly #rooms = new Map<string, { engine: RoomEngine; takers: number }>();
  #snapshot: ClientSnapshot | undefined;
  #renewal: Promise<Renewal | undefined> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#listeners = new Listeners(settings.logger);
    this.#identity = new IdentityKeeper(settings);
    this.#connection = new Connection(
      { ...settings, credentials: () => this.#identity.credentials() },
      {
        onChange: () => {
          if (this.#connection.refusal !== undefined) this.#each((room) => room.refused());
          this.#changed();
        },
        onReady: (session) => {
          this.#meet(session);
          this.#each((room) => void room.join());
        },
        onLost: () => {
          this.#renew();
          this.#each((room) => room.lost());
        },
        onEvent: (event) => this.#hear(event),
        onOther: (name, payload) => this.#rooms.get(roomIdOf(payload))?.engine.hearOther(name, payload),
      },
    );
  }

  getSnapshot(): ClientSnapshot {
    const { status, limits, error } = this.#connection;
    return (this.#snapshot ??= { status, user: this.#identity.user, limits, error });
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  connect(): void {
    if (this.#connection.status !== "idle" && this.#connection.status !== "refused") return;
    this.#connection.start();
    void this.#remember();
  }

  room(roomId: string): Room {
    if (this.#connection.status === "closed") throw new ChatError("unavailable", "unable to take a room; the client is closed, make another");
    const open = this.#rooms.get(roomId) ?? { engine: this.#createRoom(roomId), takers: 0 };
    open.takers += 1;
    this.#rooms.set(roomId, open);
    if (open.takers === 1) {
      this.#restore(open.engine);
      void open.engine.join();
    }
    this.connect();
    return open.engine;
  }

  async ownRooms(): Promise<OwnRooms> {
    return (await import("./room/own-rooms.js")).ownRoomsOn(this.#connection);
  }

  rename(name: string): Promise<User> {
    return this.#refresh({ guestName: name });
  }

  async refreshToken(): Promise<User> {
    const token = await this.#settings.getToken?.();
    if (!token) throw new ChatError("invalid", "unable to refresh the token; getToken gave none");
    return this.#refresh({ token });
  }

  async close(): Promise<void> {
    this.#each((room) => room.close());
    this.#rooms.clear();
    this.#renew();
    this.#connection.close();
  }

  #createRoom(roomId: string): RoomEngine {
    return new RoomEngine(roomId, {
      ...this.#settings,
      connection: this.#connection,
      user: () => this.#identity.user,
      onRelease: (room) => this.#release(room),
    });
  }

  #release(room: Room): void {
    const open = this.#rooms.get(room.id);
    // Whoever released it too often must not take it from those who took it since.
    if (open?.engine !== room) return;
    open.takers -= 1;
    if (open.takers > 0) return;
    this.#rooms.delete(room.id);
    open.engine.close();
  }

  async #refresh(input: { guestName: string } | { token: string }): Promise<User> {
    const identity = await this.#connection.request("session:refresh", input);
    if (this.#meet(identity)) this.#each((room) => void room.join());
    return identity.user;
  }

  /** Learns who is here. True when that is somebody else than before, for whom the rooms begin anew. */
  #meet(identity: Identity): boolean {
    const before = this.#identity.user;
    this.#identity.learn(identity);
    this.#renew(identity);
    const { user } = identity;
    // A server that lost its store knows no guest of before; whoever sits here is still the same.
    // Neither is a guest who signed in somebody else.
    const isSamePerson = (isGuest(before) && isGuest(user)) || (before !== undefined && user.formerIds?.includes(before.id) === true);
    const isAnother = before !== undefined && before.id !== user.id && !isSamePerson;
    // Whoever wrote before the first answer is who the server then names, whoever was remembered.
    const moving = isSamePerson ? "all" : this.#isUserKnown ? "none" : "asked";
    this.#isUserKnown = true;
    this.#each((room) => {
      if (isAnother) room.startAnew();
      this.#restore(room, moving);
    });
    this.#changed();
    return isAnother;
  }

  /** Shows a new token before the present one ends. Without one, or while it cannot be had, the server ends the session and we come back. */
  #renew(identity?: Identity): void {
    if (identity?.expiresAt && this.#settings.getToken) {
      this.#renewal ??= import("./connection/renewal.js").then(
        ({ Renewal }) => new Renewal(this.#settings, () => this.refreshToken()),
        () => undefined,
      );
    }
    void this.#renewal?.then((renewal) => renewal?.learn(identity));
  }

  /** A guest who was here before sees what they wrote before the server answers. */
  async #remember(): Promise<void> {
    await this.#identity.restore();
    this.#each((room) => this.#restore(room));
    this.#changed();
  }

  #restore(room: RoomEngine, moving: Moving = "none"): void {
    const { user, lastAccount } = this.#identity;
    const { storage, cache, clock, server } = this.#settings;
    const shelfOf = (userId: string) => new OutboxShelf(storage, server, userId, room.id);
    if (user === undefined) {
      if (lastAccount !== undefined) room.presume(shelfOf(lastAccount));
    } else {
      // What an account may see is for the server to say each time.
      void room.restore(shelfOf(user.id), moving, async (log) => {
        if (!isGuest(user)) return undefined;
        const loaded = await import("./room/history.js").catch(() => undefined);
        return loaded && new loaded.History(cache, clock, [server, user.id, room.id], log);
      });
    }
    room.userChanged();
  }

  #hear(event: AnyServerEvent): void {
    if ("roomId" in event.payload) this.#rooms.get(event.payload.roomId ?? "")?.engine.hear(event);
    else this.#each((room) => room.hear(event));
  }

  #each(tell: (room: RoomEngine) => void): void {
    for (const { engine } of this.#rooms.values()) tell(engine);
  }

  #changed(): void {
    this.#snapshot = undefined;
    this.#listeners.tell();
  }
}

function roomIdOf(payload: unknown): string {
  return typeof payload === "object" && payload !== null && "roomId" in payload ? String(payload.roomId) : "";
}

function isGuest(user: User | undefined): boolean {
  return user?.roles.includes("guest") ?? false;
}
