import { type AuditEntry, ChatError, CommandId, type Report, ReportAction, type RoomEvent, RoomId, UserId } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import * as z from "zod/mini";
import type { Clock } from "./clock.js";
import { type MemberDecision, decideAbout, kickMs } from "./commands/member-moderation.js";
import type { AuditQuery } from "./moderation/audit-log.js";
import type { Ban, BanTarget } from "./moderation/bans.js";
import type { ModerationDesk } from "./moderation/desk.js";
import type { ReportQuery } from "./moderation/reports.js";
import type { Rooms } from "./rooms/rooms.js";

/** In whose name the application decides, and why. */
export interface ModerationChange {
  /** The id of a user, or a name of its own such as `"spam-filter"`. */
  by: string;
  /** For the audit log only; whom it is about is never told. */
  reason?: string | undefined;
}

/** A decision that may end by itself. */
export interface TimedChange extends ModerationChange {
  /** When it ends, in milliseconds since 1970; never when left out. */
  until?: number | undefined;
}

/** Somebody in a room. */
export interface MemberTarget {
  roomId: string;
  userId: string;
}

/** What the application does in the place of a moderator, about anybody. Every method that changes something notes it in the audit log, and resolves when it is stored and holds; other nodes follow within a second. All throw a `ChatError`. */
export interface ChatModeration {
  /** Lets somebody write nothing in a room. */
  mute(target: MemberTarget, change: TimedChange): Promise<void>;
  /** Lets them write again. */
  unmute(target: MemberTarget, change: ModerationChange): Promise<void>;
  /** Puts somebody out of a room; ten seconds later they may come back. */
  kick(target: MemberTarget, change: ModerationChange): Promise<void>;
  /** Keeps a user out of a room, or, without a room, a user or everybody at an address or in a network (`203.0.113.0/24`) out of the chat, and ends their connections on every node. Addresses need the option `perAddress`. */
  ban(target: MemberTarget | BanTarget, change: TimedChange): Promise<void>;
  /** Lets them in again. */
  unban(target: MemberTarget | BanTarget, change: ModerationChange): Promise<void>;
  /** Every ban of the whole chat that holds now. */
  bans(): Promise<Ban[]>;
  /** Open reports, the oldest first: at most `limit` (50, at most 200), of a room or of all, after the report of an id. */
  reports(query?: Partial<ReportQuery>): Promise<Report[]>;
  /** Takes a report off the list. Deletes nothing: that is `chat.room(…).delete(…)`. Gives it as it is then. */
  resolve(target: { roomId: string; reportId: string }, change: ModerationChange & { action: ReportAction }): Promise<Report>;
  /** What was done to keep the chat decent, the newest first: at most `limit` (50, at most 200) entries, of a room or of all, before the entry of an id. There is no way to change or remove them. */
  audit(query?: Partial<AuditQuery>): Promise<AuditEntry[]>;
}

interface ChatModerationOptions {
  /** @throws {ChatError} `unavailable` while there is no store */
  desk: () => Promise<ModerationDesk>;
  /** @throws {ChatError} `unavailable` while there is no store */
  rooms: () => Promise<Rooms>;
  clock: Clock;
  /** False where it is not said how many proxies stand in front. */
  knowsAddresses: boolean;
}

const defaultLimit = 50;
const mostAtOnce = 200;

const Change = z.object({
  by: UserId,
  reason: z.optional(z.string().check(z.maxLength(1_000))),
  until: z.optional(z.int().check(z.positive())),
});
const Target = z.object({ roomId: RoomId, userId: UserId });
const Resolving = z.object({ roomId: RoomId, reportId: CommandId, action: ReportAction });

/** Gives the application what moderators work with. */
export function createChatModeration(options: ChatModerationOptions): ChatModeration {
  const { desk, rooms, clock, knowsAddresses } = options;
  const about = async (target: MemberTarget, change: MemberDecision["change"], given: TimedChange): Promise<void> => {
    const decision = changeOf(given);
    const parsed = Target.safeParse(target);
    if (!parsed.success) throw new ChatError("invalid", "unable to decide; `roomId` or `userId` does not fit the contract");
    const { roomId, userId } = parsed.data;
    const room = (await rooms()).get(roomId);
    const now = clock.now();
    const decide = async (): Promise<RoomEvent | undefined> => decideAbout(room, await desk(), { ...decision, id: uuidv7({ msecs: now }), userId, change }, now);
    await room.keep(decide);
  };
  return {
    mute: (target, change) => about(target, "muted", change),
    unmute: (target, change) => about(target, "unmuted", change),
    kick: (target, change) => about(target, "kicked", { ...change, until: clock.now() + kickMs }),
    async ban(target, change) {
      if ("roomId" in target) return about(target, "banned", change);
      const decision = changeOf(change);
      if ("address" in target && !knowsAddresses) {
        throw new ChatError("invalid", "unable to ban the address; say how many proxies stand in front of the server, as in `perAddress: { proxies: 0 }`, or everybody may have the same one");
      }
      await (await desk()).bans.ban(target, decision);
    },
    async unban(target, change) {
      if ("roomId" in target) return about(target, "unbanned", change);
      await (await desk()).bans.unban(target, changeOf(change));
    },
    async bans() {
      const { bans } = await desk();
      await bans.ready();
      return bans.list();
    },
    async reports({ roomId, after, limit } = {}) {
      return (await desk()).reports.list({ roomId, after, limit: limitOf(limit) });
    },
    async resolve(target, change) {
      const { by, reason } = changeOf(change);
      const parsed = Resolving.safeParse({ ...target, action: change.action });
      if (!parsed.success) throw new ChatError("invalid", "unable to decide about the report; `roomId`, `reportId` or `action` does not fit the contract");
      const { roomId, reportId, action } = parsed.data;
      return (await desk()).resolve(roomId, reportId, { by, reason, action });
    },
    async audit({ roomId, before, limit } = {}) {
      return (await desk()).audit.read({ roomId, before, limit: limitOf(limit) });
    },
  };
}

function changeOf(change: TimedChange): z.infer<typeof Change> {
  const parsed = Change.safeParse(change);
  if (parsed.success) return parsed.data;
  throw new ChatError("invalid", `unable to decide; \`${parsed.error.issues[0]?.path.join(".") ?? "by"}\` does not fit: \`by\` is an id, \`reason\` a text of at most 1 000 characters, \`until\` a time in milliseconds since 1970`);
}

function limitOf(limit = defaultLimit): number {
  if (!(limit >= 1)) throw new ChatError("invalid", "unable to read; `limit` must be at least 1");
  return Math.min(Math.trunc(limit), mostAtOnce);
}
