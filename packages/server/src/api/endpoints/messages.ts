import { CommandId, Emoji, Message, MessagePage, Position, Profile, RoomId, Seq, Text } from "@chat-widget/protocol";
import * as z from "zod/mini";
import { endpoint } from "../endpoint.js";
import { by, described, inRoom, limit, numberIn, once } from "./parameters.js";

const ofMessage = z.strictObject({ roomId: RoomId, messageId: CommandId });
const ofReaction = z.strictObject({ roomId: RoomId, messageId: CommandId, emoji: Emoji });

export const messageEndpoints = [
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
      limit,
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
];
