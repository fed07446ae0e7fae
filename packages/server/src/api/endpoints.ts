import * as z from "zod/mini";
import { CommandId, Emoji, Message, MessagePage, Position, Profile, RoomId, Seq, Text, UserId } from "@chat-widget/protocol";
import { Erased } from "../privacy/erased.js";
import { UserDatum } from "../privacy/user-datum.js";
import { type Endpoint, endpoint } from "./endpoint.js";

const described = <S extends z.ZodMiniType>(schema: S, text: string): S => schema.check(z.describe(text));
/** Queries are text. */
const numberIn = (text: string, number: z.ZodMiniType<number, number>) => described(z.pipe(z.pipe(z.string().check(z.regex(/^\d{1,16}$/)), z.transform(Number)), number), text);

const inRoom = z.strictObject({ roomId: described(RoomId, "The room; it need not exist yet.") });
const ofMessage = z.strictObject({ roomId: RoomId, messageId: CommandId });
const ofReaction = z.strictObject({ roomId: RoomId, messageId: CommandId, emoji: Emoji });
const ofUser = z.strictObject({ userId: UserId });
const once = z.optional(described(CommandId, "A UUID of version 7. The same id asked twice has one effect; made up when left out."));
const by = described(UserId, "In whose name: the id of a user, or a name of your own such as `moderation`.");

/** Everything the HTTP API can do. */
export const endpoints: readonly Endpoint[] = [
  endpoint({
    method: "POST",
    path: "/rooms/{roomId}/messages",
    operationId: "sendMessage",
    summary: "Sends a message, as users do: checked, stored, then told to everyone in the room.",
    params: inRoom,
    body: z.strictObject({ author: described(Profile, "Whom it is from; need not be a user of the chat."), text: Text, replyTo: z.optional(described(CommandId, "The message it answers.")), id: once }),
    status: 201,
    answer: Message,
    run: (ground, { params, body: { author, text, replyTo, id } }) => ground.room(params.roomId).send({ author, text, ...(replyTo !== undefined && { replyTo }), ...(id !== undefined && { id }) }),
  }),
  endpoint({
    method: "GET",
    path: "/rooms/{roomId}/messages",
    operationId: "listMessages",
    summary: "Messages as they read now, oldest first: the newest, or those before, after or around the `seq` of one.",
    params: inRoom,
    query: z.strictObject({
      before: z.optional(numberIn("Older than this place.", Seq)),
      after: z.optional(numberIn("Newer than this place.", Position)),
      around: z.optional(numberIn("On both sides of this place.", Seq)),
      limit: z.optional(numberIn("How many at most; 50 when left out, 200 at most.", z.int().check(z.positive()))),
    }),
    status: 200,
    answer: MessagePage,
    run: (ground, { params, query }) => ground.room(params.roomId).messages(Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))),
  }),
  endpoint({
    method: "GET",
    path: "/rooms/{roomId}/messages/{messageId}",
    operationId: "readMessage",
    summary: "One message as it reads now.",
    params: ofMessage,
    status: 200,
    answer: Message,
    run: async (ground, { params }) => ground.room(params.roomId).message(params.messageId),
  }),
  endpoint({
    method: "PATCH",
    path: "/rooms/{roomId}/messages/{messageId}",
    operationId: "editMessage",
    summary: "Gives a message another text.",
    params: ofMessage,
    body: z.strictObject({ by, text: Text, id: once }),
    status: 200,
    answer: Message,
    run: (ground, { params, body: { id, ...change } }) => ground.room(params.roomId).edit(params.messageId, { ...change, ...(id !== undefined && { id }) }),
  }),
  endpoint({
    method: "DELETE",
    path: "/rooms/{roomId}/messages/{messageId}",
    operationId: "deleteMessage",
    summary: "Removes a message for good.",
    params: ofMessage,
    query: z.strictObject({ by }),
    status: 200,
    answer: Message,
    run: (ground, { params, query }) => ground.room(params.roomId).delete(params.messageId, query),
  }),
  endpoint({
    method: "PUT",
    path: "/rooms/{roomId}/messages/{messageId}/reactions/{emoji}",
    operationId: "addReaction",
    summary: "Sets an emoji on a message.",
    params: ofReaction,
    query: z.strictObject({ by }),
    status: 200,
    answer: Message,
    run: (ground, { params: { roomId, messageId, emoji }, query }) => ground.room(roomId).react(messageId, { ...query, emoji }),
  }),
  endpoint({
    method: "DELETE",
    path: "/rooms/{roomId}/messages/{messageId}/reactions/{emoji}",
    operationId: "removeReaction",
    summary: "Takes an emoji off a message.",
    params: ofReaction,
    query: z.strictObject({ by }),
    status: 200,
    answer: Message,
    run: (ground, { params: { roomId, messageId, emoji }, query }) => ground.room(roomId).unreact(messageId, { ...query, emoji }),
  }),
  endpoint({
    method: "POST",
    path: "/users/{userId}/disconnect",
    operationId: "disconnectUser",
    summary: "Ends every connection of a user, on every server: their clients connect anew and are asked again who they are.",
    params: ofUser,
    status: 204,
    run: async (ground, { params }) => ground.disconnect(params.userId),
  }),
  endpoint({
    method: "GET",
    path: "/users/{userId}/export",
    operationId: "exportUser",
    summary: "Everything that is kept of a user, one thing in each line. An answer that breaks off is not whole.",
    params: ofUser,
    status: 200,
    form: "lines",
    answer: UserDatum,
    run: async (ground, { params }) => ground.users.export(params.userId),
  }),
  endpoint({
    method: "DELETE",
    path: "/users/{userId}",
    operationId: "eraseUser",
    summary: "Erases a user: their messages, reactions, files, memberships, read positions, words in reports, name and picture. Answers when it is done, which may take minutes; it goes on when the request breaks off, and asked again it answers for what was left.",
    params: ofUser,
    query: z.strictObject({ by }),
    status: 200,
    answer: Erased,
    run: async (ground, { params, query }) => ground.users.erase(params.userId, query),
  }),
];
