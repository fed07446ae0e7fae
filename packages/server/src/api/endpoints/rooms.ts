import { Member, Position, Profile, RoomId, RoomPatch, RoomSettings, UserId } from "@chat-widget/protocol";
import * as z from "zod/mini";
import { endpoint } from "../endpoint.js";
import { by, described, inRoom, limit, ofMember, once } from "./parameters.js";

const RoomInfo = z.object({ roomId: RoomId, settings: RoomSettings, head: described(Position, "How many events its log has; 0 when nothing ever happened in it.") });
const Patch = z.extend(RoomPatch, { retentionDays: z.optional(described(z.nullable(z.number().check(z.positive())), "For how many days its messages are kept; null takes that back.")) });
const page = z.strictObject({ after: z.optional(described(z.string(), "`next` of the page before.")), limit });
const paged = z.optional(z.string());

export const roomEndpoints = [
  endpoint({
    method: "GET",
    path: "/rooms",
    operationId: "listRooms",
    summary: "The rooms that somebody set anything for, in the order of their ids.",
    params: z.strictObject({}),
    query: page,
    status: 200,
    answer: z.object({ rooms: z.array(RoomInfo), next: paged }),
    run: (ground, { query }) => ground.rooms.list(query),
  }),
  endpoint({
    method: "GET",
    path: "/rooms/{roomId}",
    operationId: "readRoom",
    summary: "How a room is run.",
    params: inRoom,
    status: 200,
    answer: RoomInfo,
    run: (ground, { params }) => ground.rooms.get(params.roomId),
  }),
  endpoint({
    method: "PUT",
    path: "/rooms/{roomId}",
    operationId: "createRoom",
    summary: "Makes a room; `conflict` when there is one by this id.",
    params: inRoom,
    body: z.strictObject({ by, settings: z.optional(Patch), members: z.optional(z.array(z.union([Profile, UserId])).check(z.maxLength(100))), id: once }),
    status: 201,
    answer: RoomInfo,
    run: (ground, { params, body }) => ground.rooms.create(params.roomId, body),
  }),
  endpoint({
    method: "PATCH",
    path: "/rooms/{roomId}",
    operationId: "updateRoom",
    summary: "Changes how a room is run: its name, who may be in it, who may write, slow mode, a lock, how long its messages are kept.",
    params: inRoom,
    body: z.strictObject({ by, settings: Patch, id: once }),
    status: 200,
    answer: RoomInfo,
    run: (ground, { params, body }) => ground.rooms.update(params.roomId, body),
  }),
  endpoint({
    method: "GET",
    path: "/rooms/{roomId}/members",
    operationId: "listMembers",
    summary: "Those who belong to a room.",
    params: inRoom,
    query: page,
    status: 200,
    answer: z.object({ members: z.array(Member), next: paged }),
    run: (ground, { params, query }) => ground.rooms.members(params.roomId, query),
  }),
  endpoint({
    method: "PUT",
    path: "/rooms/{roomId}/members/{userId}",
    operationId: "addMember",
    summary: "Makes somebody a member, or another kind of one.",
    params: ofMember,
    body: z.strictObject({ by, name: z.optional(described(Profile.shape.name, "What they are called; known once they come when left out.")), role: z.optional(z.enum(["member", "moderator"])), id: once }),
    status: 204,
    run: (ground, { params: { roomId, userId }, body: { name, ...change } }) => ground.rooms.addMember(roomId, { ...change, user: name === undefined ? userId : { id: userId, name } }),
  }),
  endpoint({
    method: "DELETE",
    path: "/rooms/{roomId}/members/{userId}",
    operationId: "removeMember",
    summary: "Ends somebody's membership.",
    params: ofMember,
    query: z.strictObject({ by }),
    status: 204,
    run: (ground, { params: { roomId, userId }, query }) => ground.rooms.removeMember(roomId, { ...query, userId }),
  }),
];
