import { ChatError, type CommandInput, type CommandOutput, type EventDefinitions, type Limits, type Message, type MessagePage, type NoEvents, Profile, type RoomEvent, type StructuredData, UserId, type Version, Write, applyEvent, commands } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import type { Clock } from "./clock.js";
import type { AnyWrite } from "./commands/any-write.js";
import { versionsOf } from "./commands/versions.js";
import type { AppEvents } from "./commands/app-events.js";
import { runWrite } from "./commands/write.js";
import type { ModerationDesk } from "./moderation/desk.js";
import type { OpenStreams } from "./open-streams.js";
import { type RoomPublishing, publishIn } from "./room-publishing.js";
import { type RoomStreaming, streamIn } from "./room-streaming.js";
import type { Room } from "./rooms/room.js";
import type { Rooms } from "./rooms/rooms.js";
import type { PageQuery } from "./stores/chat-store.js";

/** What the application writes to a room. */
export interface ServerMessage {
  /** Whom the message is from; need not be a user of the chat. Only a notice may do without, and is then from `{ id: "system", name: "System" }`. */
  author?: Profile;
  /** `system` for a notice of the application itself, such as "Ann joined the team". */
  kind?: "system";
  /** What a screen that knows its type shows instead of the text; of any type, at most 8 KiB and eight levels deep. */
  data?: StructuredData;
  text: string;
  /** The ids of the users it mentions. */
  mentions?: string[];
  /** The id of the message it answers. */
  replyTo?: string;
  /** The id of the root of the thread it is for. */
  threadId?: string;
  /** Shows it among the room's messages as well; only with `threadId`. */
  alsoInRoom?: true;
  /** A UUID of version 7. The same id sent twice is one message; made up when left out. */
  id?: string;
}

/** What the application does to a message. */
export interface ServerChange {
  /** In whose name: the id of a user, or a name of its own such as `"moderation"`. */
  by: string;
  /** A UUID of version 7. The same id asked twice is one change; made up when left out. */
  id?: string | undefined;
}

/** A room in the hands of the application, which may do anything in it. All methods throw a `ChatError`: `not-found` for a message that is not there, `invalid` for what does not fit the contract. */
export interface ChatRoom<E extends EventDefinitions = NoEvents> extends RoomPublishing<E>, RoomStreaming {
  readonly id: string;
  /** Sends a message as users do: checked, stored, then told to everyone in the room. */
  send(message: ServerMessage): Promise<Message>;
  /** Gives a message another text. Gives it as it reads then. */
  edit(messageId: string, change: ServerChange & { text: string; mentions?: string[] }): Promise<Message>;
  /** Removes a message for good; one that is deleted already is left as it is. Somebody else's is noted in the audit log with the `reason`; the `publicReason` is for everybody to read. */
  delete(messageId: string, change: ServerChange & { publicReason?: string; reason?: string }): Promise<Message>;
  /** Sets an emoji on a message. */
  react(messageId: string, change: ServerChange & { emoji: string }): Promise<Message>;
  /** Pins a message for everybody; at most 50 are. */
  pin(messageId: string, change: ServerChange): Promise<Message>;
  /** Takes the pin off a message. */
  unpin(messageId: string, change: ServerChange): Promise<Message>;
  /** The pinned messages, the last pinned first. */
  pinned(): Promise<Message[]>;
  /** Takes an emoji off a message. */
  unreact(messageId: string, change: ServerChange & { emoji: string }): Promise<Message>;
  /** What a message said since it was sent, oldest first, the last 50 edits; nothing of a deleted one. */
  versions(messageId: string): Promise<Version[]>;
  /** One message as it reads now; undefined when there is none by this id. */
  message(messageId: string): Promise<Message | undefined>;
  /** Messages as they read now, oldest first: the newest, or those before, after or around the `seq` of one; with `threadId`, those of a thread. At most 200. */
  messages(query?: Partial<PageQuery>): Promise<MessagePage>;
  /** Messages by their words, newest first; in pages of 20 when no `limit` is given. The words are taken as those of users are, see the command `message:search`. */
  search(query: string, options?: RoomSearch): Promise<CommandOutput<"message:search">>;
}

/** Which messages to look for, and where to go on. */
export type RoomSearch = Omit<CommandInput<"message:search">, "roomIds" | "query">;

interface ChatRoomOptions {
  /** @throws {ChatError} `unavailable` while there is no store */
  rooms: () => Promise<Rooms>;
  /** @throws {ChatError} `unavailable` while there is no store */
  desk: () => Promise<ModerationDesk>;
  limits: Limits;
  clock: Clock;
  explain: (error: unknown) => ChatError;
  events: AppEvents;
  streams: OpenStreams;
}

/** Gives the application a room by its id; the room need not exist yet. */
export function createChatRoom<E extends EventDefinitions>(roomId: string, options: ChatRoomOptions): ChatRoom<E> {
  return new ServerRoom<E>(roomId, options);
}

const mostMessages = 200;
const systemAuthor: Profile = { id: "system", name: "System" };

class ServerRoom<E extends EventDefinitions> implements ChatRoom<E> {
  readonly id: string;
  readonly publish: ChatRoom<E>["publish"];
  readonly whisper: ChatRoom<E>["whisper"];
  readonly readEvents: ChatRoom<E>["readEvents"];
  readonly stream: ChatRoom<E>["stream"];
  readonly streamFrom: ChatRoom<E>["streamFrom"];
  readonly #options: ChatRoomOptions;

  constructor(id: string, options: ChatRoomOptions) {
    this.id = id;
    this.#options = options;
    const write = (author: Profile, input: { id: string | undefined } & Record<string, unknown>) => this.#write(author, "event:publish", input);
    ({ publish: this.publish, whisper: this.whisper, readEvents: this.readEvents } = publishIn<E>(id, { events: options.events, write, inRoom: (run) => this.#in(run) }));
    ({ stream: this.stream, streamFrom: this.streamFrom } = streamIn(this, options));
  }

  async send({ kind, author = kind && systemAuthor, ...message }: ServerMessage): Promise<Message> {
    const profile = Profile.safeParse(author);
    if (!profile.success) throw new ChatError("invalid", "unable to send; the author does not fit the contract");
    const event = await this.#write(profile.data, "message:send", message, kind);
    const sent = event && applyEvent(undefined, event);
    if (sent === undefined) throw new ChatError("conflict", "unable to send; the id was used for something else before");
    return sent;
  }

  edit = (messageId: string, { text, mentions, ...change }: ServerChange & { text: string; mentions?: string[] }): Promise<Message> => this.#change(change, "message:edit", { messageId, text, ...(mentions && { mentions }) });
  delete = (messageId: string, { publicReason, reason, ...change }: ServerChange & { publicReason?: string; reason?: string }): Promise<Message> => this.#change(change, "message:delete", { messageId, ...(publicReason !== undefined && { publicReason }), ...(reason !== undefined && { reason }) });
  react = (messageId: string, { emoji, ...change }: ServerChange & { emoji: string }): Promise<Message> => this.#change(change, "reaction:add", { messageId, emoji });
  unreact = (messageId: string, { emoji, ...change }: ServerChange & { emoji: string }): Promise<Message> => this.#change(change, "reaction:remove", { messageId, emoji });

  pin = (messageId: string, change: ServerChange): Promise<Message> => this.#change(change, "message:pin", { messageId });
  unpin = (messageId: string, change: ServerChange): Promise<Message> => this.#change(change, "message:unpin", { messageId });
  pinned = (): Promise<Message[]> => this.#in((room) => room.pins.read());

  async versions(messageId: string): Promise<Version[]> {
    const input = commands["message:history"].input.safeParse({ roomId: this.id, messageId });
    if (!input.success) throw misfit("read the versions of a message");
    return this.#in((room) => versionsOf(room, messageId));
  }

  async message(messageId: string): Promise<Message | undefined> {
    const input = commands["message:read"].input.safeParse({ roomId: this.id, messageIds: [messageId] });
    if (!input.success) throw misfit("read a message");
    const [message] = await this.#in((room) => room.messages(input.data.messageIds));
    return message;
  }

  async messages({ limit = 50, ...place }: Partial<PageQuery> = {}): Promise<MessagePage> {
    const query = commands["history:read"].input.safeParse({ roomId: this.id, ...place });
    if (!query.success || !(limit >= 1)) throw misfit("read messages");
    return this.#in((room) => room.history({ ...place, limit: Math.min(Math.trunc(limit), mostMessages) }));
  }

  async search(query: string, options: RoomSearch = {}): Promise<CommandOutput<"message:search">> {
    const input = commands["message:search"].input.safeParse({ ...options, query, roomIds: [this.id] });
    if (!input.success) throw misfit("search");
    return (await this.#options.rooms()).search(input.data);
  }

  async #change({ by, id }: ServerChange, name: AnyWrite["name"], about: { messageId: string } & Record<string, unknown>): Promise<Message> {
    const user = UserId.safeParse(by);
    if (!user.success) throw new ChatError("invalid", `unable to run ${name}; \`by\` is not the id of a user`);
    await this.#write({ id: user.data, name: user.data }, name, { id, ...about });
    const message = await this.message(about.messageId);
    if (message === undefined) throw new ChatError("not-found", `unable to run ${name}; the message was forgotten meanwhile`);
    return message;
  }

  async #write(profile: Profile, name: AnyWrite["name"], { id, ...input }: { id?: string | undefined } & Record<string, unknown>, kind?: "system"): Promise<RoomEvent | undefined> {
    const { limits, clock, explain, desk, events } = this.#options;
    const write = readWrite(name, { ...input, roomId: this.id, id: id ?? uuidv7({ msecs: clock.now() }) });
    const checkData = (data: StructuredData) => Promise.resolve(data);
    const writer = { kind, events, checkData, profile, limits, clock, explain, desk: await desk(), demand: () => Promise.resolve(), takeTurn: () => Promise.resolve(), attach: () => Promise.resolve([]), review: async (_room: Room, _command: string, text: string) => ({ text }) };
    return (await this.#in((room) => (name === "message:pin" ? room.pins.inTurn(() => runWrite(writer, room, write)) : runWrite(writer, room, write)))).event;
  }

  async #in<T>(run: (room: Room) => Promise<T>): Promise<T> {
    const room = (await this.#options.rooms()).get(this.id);
    return room.keep(() => run(room));
  }
}

function readWrite(name: AnyWrite["name"], raw: unknown): AnyWrite {
  if (name === "message:pin" || name === "message:unpin") {
    const input = commands[name].input.safeParse(raw);
    if (input.success) return { name, input: input.data };
  } else {
    const write = Write.safeParse({ name, input: raw });
    if (write.success) return write.data;
  }
  throw misfit(`run ${name}`);
}

function misfit(what: string): ChatError {
  return new ChatError("invalid", `unable to ${what}; the room's id or what is asked does not fit the contract`);
}
