import { AuditEntry, CommandId, Report, ReportAction, RoomId, Timestamp, UserId } from "@chat-widget/protocol";
import * as z from "zod/mini";
import { Ban, type BanTarget } from "../../moderation/bans.js";
import { endpoint } from "../endpoint.js";
import { by, described, limit, ofMember, reason } from "./parameters.js";

const until = z.optional(described(Timestamp, "When it ends, in milliseconds since 1970; never when left out."));
const decision = z.strictObject({ by, reason });
const timed = z.strictObject({ by, reason, until });
const everywhere = z.strictObject({});
const who = {
  userId: z.optional(described(UserId, "Whom; either this or `address`.")),
  address: z.optional(described(z.string().check(z.maxLength(64)), "Everybody at an address such as `203.0.113.7`, or in a network such as `203.0.113.0/24`.")),
};
const isOne = z.refine<{ userId?: string | undefined; address?: string | undefined }>(({ userId, address }) => (userId === undefined) !== (address === undefined), "either `userId` or `address`");

function targetOf({ userId = "", address }: { userId?: string | undefined; address?: string | undefined }): BanTarget {
  return address === undefined ? { userId } : { address };
}

export const moderationEndpoints = [
  endpoint({
    method: "PUT",
    path: "/rooms/{roomId}/members/{userId}/mute",
    operationId: "muteMember",
    summary: "Lets somebody write nothing in a room.",
    params: ofMember,
    body: timed,
    status: 204,
    run: (ground, { params, body }) => ground.moderation.mute(params, body),
  }),
  endpoint({
    method: "DELETE",
    path: "/rooms/{roomId}/members/{userId}/mute",
    operationId: "unmuteMember",
    summary: "Lets them write again.",
    params: ofMember,
    query: decision,
    status: 204,
    run: (ground, { params, query }) => ground.moderation.unmute(params, query),
  }),
  endpoint({
    method: "PUT",
    path: "/rooms/{roomId}/members/{userId}/ban",
    operationId: "banMember",
    summary: "Keeps somebody out of a room.",
    params: ofMember,
    body: timed,
    status: 204,
    run: (ground, { params, body }) => ground.moderation.ban(params, body),
  }),
  endpoint({
    method: "DELETE",
    path: "/rooms/{roomId}/members/{userId}/ban",
    operationId: "unbanMember",
    summary: "Lets them in again.",
    params: ofMember,
    query: decision,
    status: 204,
    run: (ground, { params, query }) => ground.moderation.unban(params, query),
  }),
  endpoint({
    method: "POST",
    path: "/rooms/{roomId}/members/{userId}/kick",
    operationId: "kickMember",
    summary: "Puts somebody out of a room; ten seconds later they may come back.",
    params: ofMember,
    body: decision,
    status: 204,
    run: (ground, { params, body }) => ground.moderation.kick(params, body),
  }),
  endpoint({
    method: "GET",
    path: "/bans",
    operationId: "listBans",
    summary: "Every ban of the whole chat that holds now.",
    params: everywhere,
    status: 200,
    answer: z.object({ bans: z.array(Ban) }),
    run: async (ground) => ({ bans: await ground.moderation.bans() }),
  }),
  endpoint({
    method: "POST",
    path: "/bans",
    operationId: "ban",
    summary: "Keeps a user, or everybody at an address, out of the chat, and ends their connections on every server.",
    params: everywhere,
    body: z.strictObject({ ...who, by, reason, until }).check(isOne),
    status: 204,
    run: (ground, { body: { by, reason, until, ...target } }) => ground.moderation.ban(targetOf(target), { by, reason, until }),
  }),
  endpoint({
    method: "DELETE",
    path: "/bans",
    operationId: "unban",
    summary: "Lets a user or an address in again; does nothing when there is no ban.",
    params: everywhere,
    query: z.strictObject({ ...who, by, reason }).check(isOne),
    status: 204,
    run: (ground, { query: { by, reason, ...target } }) => ground.moderation.unban(targetOf(target), { by, reason }),
  }),
  endpoint({
    method: "GET",
    path: "/reports",
    operationId: "listReports",
    summary: "Open reports, the oldest first, of a room or of all.",
    params: everywhere,
    query: z.strictObject({ roomId: z.optional(RoomId), after: z.optional(described(CommandId, "Only those after the report of this id.")), limit }),
    status: 200,
    answer: z.object({ reports: z.array(Report) }),
    run: async (ground, { query: { limit, ...query } }) => ({ reports: await ground.moderation.reports({ ...query, ...(limit !== undefined && { limit }) }) }),
  }),
  endpoint({
    method: "POST",
    path: "/rooms/{roomId}/reports/{reportId}/resolve",
    operationId: "resolveReport",
    summary: "Takes a report off the list. Deletes nothing.",
    params: z.strictObject({ roomId: RoomId, reportId: CommandId }),
    body: z.strictObject({ by, reason, action: ReportAction }),
    status: 200,
    answer: Report,
    run: (ground, { params, body }) => ground.moderation.resolve(params, body),
  }),
  endpoint({
    method: "GET",
    path: "/audit",
    operationId: "readAudit",
    summary: "What was done to keep the chat decent, the newest first, of a room or of all.",
    params: everywhere,
    query: z.strictObject({ roomId: z.optional(RoomId), before: z.optional(described(CommandId, "Only those before the entry of this id.")), limit }),
    status: 200,
    answer: z.object({ entries: z.array(AuditEntry) }),
    run: async (ground, { query: { limit, ...query } }) => ({ entries: await ground.moderation.audit({ ...query, ...(limit !== undefined && { limit }) }) }),
  }),
];
