import type { ChatClient, ClientSnapshot, OwnRooms, Room, RoomMessage, RoomModeration, RoomPeople, RoomSnapshot, RoomWindow, SearchPage } from "@chat-widget/client";
import { ChatError, defaultLimits, defaultRoomSettings, type Attachment, type Message, type Profile, type User } from "@chat-widget/protocol";

/** A {@link ChatClient} that follows a script instead of a server, for the gallery and the tests of the widget. */
export class FakeClient implements ChatClient {
  readonly #listeners = new Set<() => void>();
  readonly rooms = new Map<string, FakeRoom>();
  snapshot: ClientSnapshot = { status: "online", user: me, limits: defaultLimits, error: undefined };
  /** What was asked of it and its rooms, in order. */
  readonly asked: string[] = [];
  isClosed = false;

  getSnapshot(): ClientSnapshot {
    return this.snapshot;
  }

  set(change: Partial<ClientSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  connect(): void {
    this.asked.push("connect");
  }

  room(roomId: string): FakeRoom {
    const room = this.rooms.get(roomId) ?? new FakeRoom(roomId, this);
    this.rooms.set(roomId, room);
    return room;
  }

  async ownRooms(): Promise<OwnRooms> {
    throw new ChatError("unavailable", "unable to ask for rooms; the gallery has this one");
  }

  async rename(name: string): Promise<User> {
    this.asked.push(`rename ${name}`);
    const user = { ...me, ...this.snapshot.user, name };
    this.set({ user });
    return user;
  }

  async refreshToken(): Promise<User> {
    return this.snapshot.user ?? me;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

/** A {@link Room} that confirms what it is asked at once, unless `isSlow`. */
export class FakeRoom implements Room {
  readonly id: string;
  readonly #client: FakeClient;
  readonly #listeners = new Set<() => void>();
  /** Keeps what is sent pending until {@link confirm}. */
  isSlow = false;
  /** What the next edit, deletion or reaction is refused with. */
  refusal: ChatError | undefined;
  /** What {@link loadOlder} finds. */
  older: RoomMessage[] = [];
  /** Whether {@link loadOlder} comes back with nothing, as when the server refuses it. */
  isOlderRefused = false;
  snapshot: RoomSnapshot = {
    phase: "ready",
    error: undefined,
    messages: [],
    isFull: false,
    hasOlder: false,
    isLoadingOlder: false,
    typing: [],
    typingCount: 0,
    presence: { count: 1, users: [me] },
    permissions: ["read", "send", "react", "edit-own", "delete-own"],
    settings: defaultRoomSettings,
    member: undefined,
    receipts: new Map(),
    unreadCount: 0,
    unreadMentionCount: 0,
    firstUnreadId: undefined,
  };

  constructor(id: string, client: FakeClient) {
    this.id = id;
    this.#client = client;
  }

  getSnapshot(): RoomSnapshot {
    return this.snapshot;
  }

  set(change: Partial<RoomSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Somebody else writes; unread until {@link markRead}. */
  receive(message: RoomMessage): void {
    const { messages, unreadCount, firstUnreadId } = this.snapshot;
    this.set({ messages: [...messages, message], unreadCount: unreadCount + 1, firstUnreadId: firstUnreadId ?? message.id });
  }

  /** Replaces one message. */
  change(id: string, change: Partial<RoomMessage>): void {
    this.set({ messages: this.snapshot.messages.map((message) => (message.id === id ? { ...message, ...change } : message)) });
  }

  confirm(id: string): void {
    this.change(id, { delivery: { state: "sent" } });
  }

  async search(query: string): Promise<SearchPage> {
    this.#client.asked.push(`search ${query}`);
    const results = this.snapshot.messages.filter(({ text }) => text.includes(query)).map((message) => {
      const start = message.text.indexOf(query);
      return { roomId: this.id, message, highlights: [{ start, end: start + query.length }] };
    });
    return { results: results.toReversed() };
  }

  async people(): Promise<RoomPeople> {
    throw new ChatError("unavailable", "unable to ask who belongs to the room; nobody does in the gallery");
  }

  async moderation(): Promise<RoomModeration> {
    const { asked } = this.#client;
    const note = (what: string) => async (about: string): Promise<void> => void asked.push(`${what} ${about}`);
    return {
      report: note("report"),
      reports: async () => ({ reports: [] }),
      onReport: () => () => undefined,
      resolve: () => Promise.reject(new ChatError("not-found", "unable to decide about the report; there is none")),
      audit: async () => ({ entries: [] }),
      mute: note("mute"),
      unmute: note("unmute"),
      ban: note("ban"),
      unban: note("unban"),
      kick: note("kick"),
    };
  }

  async around(message: string | number): Promise<RoomWindow> {
    this.#client.asked.push(`around ${message}`);
    const snapshot = { messages: this.snapshot.messages, hasOlder: false, hasNewer: false, isLoading: false };
    return { getSnapshot: () => snapshot, subscribe: () => () => undefined, loadOlder: async () => undefined, loadNewer: async () => undefined, release: () => undefined };
  }

  async send({ text, replyTo }: { text: string; replyTo?: string }): Promise<Message> {
    this.#client.asked.push(`send ${text}${replyTo === undefined ? "" : ` to ${replyTo}`}`);
    const quote = this.snapshot.messages.find(({ id }) => id === replyTo);
    const message = said(this.#client.snapshot.user ?? me, text, { isMine: true, delivery: { state: "pending" }, ...(replyTo !== undefined && { replyTo, quote }) });
    this.set({ messages: [...this.snapshot.messages, message] });
    if (!this.isSlow) this.confirm(message.id);
    return message;
  }

  async upload(file: Blob): Promise<Attachment> {
    return { id: "019b76da-a7d0-7000-8000-000000000009", name: "file", type: file.type || "text/plain", size: file.size };
  }

  async attachmentUrl(attachmentId: string): Promise<string> {
    return `about:blank#${attachmentId}`;
  }

  async edit(messageId: string, text: string): Promise<void> {
    this.#ask(`edit ${messageId} ${text}`);
    this.change(messageId, { text, editedAt: Date.now() });
  }

  thread(): never {
    throw new Error("the stage shows no threads");
  }

  versions(): never {
    throw new Error("the stage knows no earlier texts");
  }

  pin(): never {
    throw new Error("the stage pins nothing");
  }

  pinned(): never {
    throw new Error("the stage pins nothing");
  }

  async delete(messageId: string): Promise<void> {
    this.#ask(`delete ${messageId}`);
    this.change(messageId, { text: "", reactions: [], deletedAt: Date.now() });
  }

  async react(messageId: string, emoji: string, on: boolean): Promise<void> {
    this.#ask(`react ${messageId} ${emoji} ${on}`);
    const before = this.snapshot.messages.find(({ id }) => id === messageId)?.reactions ?? [];
    const others = before.find((reaction) => reaction.emoji === emoji)?.userIds.filter((id) => id !== me.id) ?? [];
    const userIds = on ? [...others, me.id] : others;
    const rest = before.filter((reaction) => reaction.emoji !== emoji);
    this.change(messageId, { reactions: userIds.length > 0 ? [...rest, { emoji, userIds }] : rest });
  }

  retry(commandId: string): void {
    this.#client.asked.push(`retry ${commandId}`);
    const failed = this.snapshot.messages.find(({ delivery }) => delivery.state === "failed" && delivery.commandId === commandId);
    if (failed !== undefined) this.confirm(failed.id);
  }

  discard(commandId: string): void {
    this.#client.asked.push(`discard ${commandId}`);
    this.set({ messages: this.snapshot.messages.filter(({ delivery }) => delivery.state !== "failed" || delivery.commandId !== commandId) });
  }

  markRead(): void {
    this.#client.asked.push("markRead");
    this.set({ unreadCount: 0, unreadMentionCount: 0, firstUnreadId: undefined });
  }

  setTyping(isTyping: boolean): void {
    this.#client.asked.push(`setTyping ${isTyping}`);
  }

  async loadOlder(): Promise<void> {
    this.#client.asked.push("loadOlder");
    this.set({ isLoadingOlder: true });
    await Promise.resolve();
    if (this.isOlderRefused) return this.set({ isLoadingOlder: false });
    this.set({ isLoadingOlder: false, hasOlder: false, messages: [...this.older, ...this.snapshot.messages] });
  }

  async publish(): Promise<never> {
    throw new Error("the gallery has no events of its own");
  }

  async whisper(): Promise<void> {}

  on(): () => void {
    return () => {};
  }

  async readEvents(): Promise<{ events: []; more: boolean }> {
    return { events: [], more: false };
  }

  release(): void {
    this.#client.asked.push(`release ${this.id}`);
  }

  #ask(what: string): void {
    this.#client.asked.push(what);
    if (this.refusal !== undefined) throw this.refusal;
  }
}

/** The people of the scripts. */
export const me: User = { id: "me", name: "Quiet Otter", roles: ["guest"] };
export const ann: Profile = { id: "ann", name: "Ann Lovelace" };
export const bob: Profile = { id: "bob", name: "Bob" };

let seq = 0;

/** A confirmed message; of now, unless told otherwise. */
export function said(author: Profile, text: string, more: Partial<RoomMessage> = {}): RoomMessage {
  seq += 1;
  const { id, name, avatarUrl } = author;
  return {
    id: `m${seq}`,
    seq,
    rev: seq,
    sentAt: Date.now(),
    author: { id, name, ...(avatarUrl !== undefined && { avatarUrl }) },
    text,
    mentionsMe: false,
    reactions: [],
    delivery: { state: "sent" },
    isMine: author.id === me.id,
    quote: undefined,
    ...more,
  };
}

/** Why a message of the scripts was not sent. */
export const tooFast = new ChatError("rate-limited", "unable to send message; too many in a short time");
