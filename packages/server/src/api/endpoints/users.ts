import { ListedRoom, Timestamp } from "@chat-widget/protocol";
import * as z from "zod/mini";
import { Erased } from "../../privacy/erased.js";
import { UserDatum } from "../../privacy/user-datum.js";
import { endpoint } from "../endpoint.js";
import { by, described, limit, ofUser } from "./parameters.js";

export const userEndpoints = [
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
  endpoint({
    method: "POST",
    path: "/users/{userId}/revoke",
    operationId: "revokeUser",
    summary: "Ends every connection of a user, and takes no token any more that was made before; of a guest none at all.",
    params: ofUser,
    body: z.strictObject({ before: z.optional(described(Timestamp, "Milliseconds since 1970; now when left out.")) }),
    status: 204,
    run: (ground, { params, body: { before } }) => ground.revoke(params.userId, before === undefined ? {} : { before }),
  }),
  endpoint({
    method: "GET",
    path: "/users/{userId}/rooms",
    operationId: "listRoomsOfUser",
    summary: "The rooms that a user belongs to, with how far they have read each.",
    params: ofUser,
    query: z.strictObject({ after: z.optional(described(z.string(), "`next` of the page before.")), limit }),
    status: 200,
    answer: z.object({ rooms: z.array(ListedRoom), next: z.optional(z.string()) }),
    run: (ground, { params, query }) => ground.rooms.of(params.userId, query),
  }),
];
