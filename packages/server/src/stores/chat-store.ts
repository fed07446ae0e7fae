import type { Phrase } from "./search/search-terms.js";
import type { Message, MessagePage, Receipt, RoomEvent } from "@chat-widget/protocol";
import type { RecordQuery, RecordWrite, StoredRecord } from "./records.js";

/** Who a store is. */
export interface StoreIdentity {
  /** Names one life of the store: random, made with it, and anew when it lost events, as by a failover or a restored backup. A client whose cursor has another epoch starts from a snapshot. */
  epoch: string;
  /** 32 random bytes, made once with the store and never sent anywhere; signs the identities of guests. */
  secret: Uint8Array;
  /** Aborted when the store finds that its life is over. What was asked in it and is not answered rejects, and so does everything until `open` was called again. Left out by stores that nobody replaces while they are open. */
  replaced?: AbortSignal;
}

/** An event that has no place in the log yet. */
export type EventDraft = DistributiveOmit<RoomEvent, "seq" | "at">;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** A list of events, kept as records: under this key, with the event's place as the last part of the key. */
export interface Listed {
  collection: string;
  under: string;
}

/** One event to append. */
export interface Append {
  draft: EventDraft;
  /** Milliseconds since 1970; becomes the event's `at`. */
  at: number;
  /** A digest of what the command asked for, so that a used id with other content is noticed. */
  fingerprint: string;
  /** Written with the event, if it is stored and not only repeated. None of them expects a revision. */
  records?: readonly Omit<RecordWrite, "expect">[];
  /** Where the event is listed, as a record `{ id }`, if it is stored and not only repeated. */
  listed?: Listed;
}

/** What became of one {@link Append}. */
export type Appended =
  | { outcome: "stored"; event: RoomEvent }
  /** The id was stored before, by the same user with the same fingerprint: its first event, nothing changed. */
  | { outcome: "repeated"; event: RoomEvent }
  /** The id was stored before for something else: nothing changed. */
  | { outcome: "conflict" };

/** Which messages to read: before or after a place, or around it; the newest when none is given. */
export interface PageQuery {
  before?: number;
  after?: number;
  around?: number;
  /** The replies of the thread with this root; without it, what is among the room's messages (`isAmong`). */
  threadId?: string;
  limit: number;
}

/** The place of a message. */
export interface MessagePlace {
  roomId: string;
  seq: number;
}

/** An event and whose log it is in. */
export interface PlacedEvent {
  roomId: string;
  event: RoomEvent;
}

/** Which messages to look for. */
export interface SearchQuery {
  roomIds: readonly string[];
  /** All of them have to be in the text, as `findPhrases` finds them; at least one. */
  phrases: readonly Phrase[];
  /** The author's id. */
  from?: string;
  /** Sent before; milliseconds since 1970. */
  before?: number;
  /** Sent then or later. */
  after?: number;
  /** Written before this message, which need not be there any more. */
  cursor?: MessagePlace;
  limit: number;
}

/** Messages that were found, newest first, and where to go on. A page may have less than was asked for and be followed by another. */
export interface SearchPage {
  found: { roomId: string; message: Message }[];
  next?: MessagePlace;
}

/** After how many messages a store stops looking for unread ones. */
export const lookedAtForUnread = 1_000;

/** How far a user has read a room, and how much is left. */
export interface Reading {
  seq: number;
  unread: number;
  /** How many of the unread mention them. */
  mentions: number;
}

/** How far back a store remembers. Both in milliseconds since 1970. */
export interface Horizon {
  /** Messages sent before are forgotten. */
  messages: number;
  /** The same for rooms that have a time of their own, sooner or later, by their ids. */
  rooms?: ReadonlyMap<string, number>;
  /** The ids of forgotten messages and of their changes are kept if they are not from before: what is asked again is not done again. */
  ids: number;
}

/** The log of a room after a place. `trimmed` when it no longer reaches back that far. */
export type LogRead = { kind: "events"; events: RoomEvent[]; head: number } | { kind: "trimmed" };

/**
 * Where logs and the messages folded from them are kept. Every method rejects with a `ChatError` of code
 * `unavailable` when the store cannot be reached; after a rejected `append` nothing of it is stored. The error's message
 * reaches users, so that files, hosts and reasons belong into its `cause`; only that of `open` stays on the server.
 *
 * Ids of rooms and users come as the protocol's schemas leave them: without control characters and lone surrogates,
 * which not every database keeps apart. A text comes back as it was given, whatever is in it.
 *
 * `describeStore` holds the promises that every implementation is tested for.
 */
export interface ChatStore {
  /** Makes ready for use (tables, files) and says who this store is. Called before anything else, and again when the store is `replaced`. */
  open(): Promise<StoreIdentity>;
  /**
   * Gives each draft the next `seq` of the room, in the order given, and keeps all of them in one transaction,
   * together with the messages they change (`applyEvent`). Resolves when they are committed, results in the order of
   * the appends. `message.deleted` also empties the text of the message's earlier events and their fingerprints, and
   * an emptied fingerprint is the same as any other: a deleted message still answers `repeated` to its author.
   * The deletion of a reply in a thread is given the `threadId` of its message, unless that was deleted before.
   * Rejects with `not-found`, and stores nothing of this call, when a change is about a message the room does not have,
   * or a reply is to a thread whose root it does not have.
   */
  append(roomId: string, appends: readonly Append[]): Promise<Appended[]>;
  /** The `seq` of the last event of each room asked for, in that order; 0 for a room without events. */
  heads(roomIds: readonly string[]): Promise<number[]>;
  /** The events of these command ids; those that do not exist are left out. */
  eventsById(roomId: string, ids: readonly string[]): Promise<RoomEvent[]>;
  /** At most `limit` events after `seq`, oldest first, and the head they were read at. */
  eventsAfter(roomId: string, seq: number, limit: number): Promise<LogRead>;
  /** Messages as they read now, oldest first: those of the room, or of one thread. `around` gives half before and half from that place on. */
  messages(roomId: string, query: PageQuery): Promise<Omit<MessagePage, "epoch">>;
  /** The messages of these ids as they read now; those that do not exist are left out. */
  messagesById(roomId: string, ids: readonly string[]): Promise<Message[]>;
  /** Messages as they read now that have what is looked for, in the order they were first written, newest first; across rooms that order is the store's. */
  search(query: SearchQuery): Promise<SearchPage>;
  /** How far each user has read. */
  receipts(roomId: string): Promise<Receipt[]>;
  /** Moves a read position forward; a lower one changes nothing. */
  moveReceipt(roomId: string, userId: string, seq: number): Promise<void>;
  /** How far a user has read each of these rooms, in that order, and how many messages of others come after it that are not deleted, and how many of those mention the user: each up to `most`, of the next 1 000. */
  reading(userId: string, roomIds: readonly string[], most: number): Promise<Reading[]>;
  /** How far a user has read, room by room. Looks at everybody's: to be asked rarely. */
  receiptsOf(userId: string): Promise<MessagePlace[]>;
  /** Forgets how far a user has read, in every room. Looks at everybody's: to be asked rarely. */
  forgetReader(userId: string): Promise<void>;
  /** At most `limit` events after a place, from the first when there is none: of all rooms, room by room in the order of their ids as bytes, what is left of forgotten ones included. */
  allEvents(after: MessagePlace | undefined, limit: number): Promise<PlacedEvent[]>;
  /**
   * Takes the names and pictures of people out of events of one room and of the messages they sent, and empties their
   * fingerprints; who did what stays known by id, and what else is said of them as it is. At most 1 000 places at a time;
   * one that has no event is left out.
   */
  redact(roomId: string, seqs: readonly number[]): Promise<void>;
  /** Records as they are now; of keys that have none, nothing. At most 1 000 at a time. */
  records(collection: string, query: RecordQuery): Promise<StoredRecord[]>;
  /** Writes records in one transaction, each key once. False, and nothing is written, when one of them has not the revision it was expected to have. */
  writeRecords(writes: readonly RecordWrite[]): Promise<boolean>;
  /**
   * Forgets a part of what is behind a horizon, in one room or another, and says whether there is more to forget. It is
   * the beginning of a log that is forgotten, up to its first event from after the horizon: its messages, the texts and
   * names in all of their events, and that the log reaches back so far. How often it is asked does not matter.
   */
  forget(horizon: Horizon): Promise<{ isDone: boolean }>;
  /** Lets go of files and connections; calls made before it are finished first. */
  close(): Promise<void>;
}
