import type { Message, Report, RoomEvent } from "@chat-widget/protocol";
import type { ModerationDesk } from "../moderation/desk.js";
import type { IdentityRecords } from "../session/identity-records.js";
import type { ChatStore } from "../stores/chat-store.js";
import { partsOf } from "../stores/records.js";
import type { Uploads } from "../uploads/uploads.js";
import { collectionsByRoom, recordsOf } from "./personal-records.js";
import { everyEvent, isOf } from "./read-all.js";
import type { UserDatum } from "./user-datum.js";

interface ExportOptions {
  store: ChatStore;
  identities: IdentityRecords;
  uploads: Uploads | undefined;
  desk: ModerationDesk;
}

/** Everything that is kept of a user and of the guests they were, one thing after the other: no more than a page of it is held at a time. */
export async function* exportUser({ store, identities, uploads, desk }: ExportOptions, userId: string): AsyncGenerator<UserDatum> {
  const userIds = new Set(await identities.selvesOf(userId));
  yield { kind: "user", userIds: [...userIds] };
  for await (const { roomId, events } of everyEvent(store)) yield* ofRoom(store, userIds, roomId, events);
  for (const id of userIds) for (const { roomId, seq } of await store.receiptsOf(id)) yield { kind: "receipt", roomId, seq };
  for (const collection of collectionsByRoom) {
    for await (const { key, value } of recordsOf(store, collection, userIds)) yield { kind: "record", collection, key: partsOf(key), value };
  }
  for (const id of userIds) {
    const ban = desk.bans.ofUser(id);
    if (ban !== undefined) yield { kind: "record", collection: "bans", key: ["user", id], value: ban };
  }
  for await (const { report } of desk.reports.ofUsers(userIds)) yield* ofReport(userIds, report);
  for await (const upload of uploads?.ofUsers(userIds) ?? []) {
    const { roomId, at, name, size, attachment, messageId } = upload.record;
    const address = await uploads?.addressOf(upload);
    yield { kind: "upload", roomId, id: upload.id, at, name, size, ...(attachment && { type: attachment.type }), ...(messageId !== undefined && { messageId }), ...(address && { url: address.url, expiresAt: address.expiresAt }) };
  }
}

function* ofReport(userIds: ReadonlySet<string>, { id: reportId, roomId, messageId, author, text, at, complaints, resolution }: Report): Generator<UserDatum> {
  if (userIds.has(author.id)) yield { kind: "report", roomId, reportId, messageId, at, text, resolution };
  for (const { by, at, reason, note } of complaints) {
    if (by !== undefined && userIds.has(by)) yield { kind: "complaint", roomId, reportId, messageId, at, reason, ...(note !== undefined && { note }) };
  }
}

async function* ofRoom(store: ChatStore, userIds: ReadonlySet<string>, roomId: string, events: readonly RoomEvent[]): AsyncGenerator<UserDatum> {
  const own = events.filter((event) => isOf(userIds, event));
  const ids = own.flatMap((event) => (event.type === "message.sent" ? event.id : event.type === "reaction.added" ? event.messageId : []));
  const messages = new Map((ids.length === 0 ? [] : await store.messagesById(roomId, [...new Set(ids)])).map((message) => [message.id, message]));
  for (const event of own) {
    const datum = datumOf(roomId, event, messages);
    if (datum !== undefined) yield datum;
  }
}

function datumOf(roomId: string, event: RoomEvent, messages: ReadonlyMap<string, Message>): UserDatum | undefined {
  const { seq, at } = event;
  const where = { roomId, seq, at };
  switch (event.type) {
    case "message.sent": {
      const { reactions: _reactions, ...message } = messages.get(event.id) ?? {};
      return "id" in message ? { kind: "message", roomId, message } : undefined;
    }
    case "message.edited":
      return event.text === "" ? undefined : { kind: "edit", ...where, messageId: event.messageId, text: event.text };
    case "reaction.added": {
      const { messageId, emoji, by } = event;
      const isThere = messages.get(messageId)?.reactions.some((reaction) => reaction.emoji === emoji && reaction.userIds.includes(by));
      return isThere === true ? { kind: "reaction", ...where, messageId, emoji } : undefined;
    }
    case "event.published":
      return event.data === undefined ? undefined : { kind: "event", ...where, name: event.name, data: event.data };
    case "member.changed":
      return { kind: "membership", ...where, change: event.change, by: event.by, user: event.member.user };
    default:
      return undefined;
  }
}
