import { type AuditEntry, type Commands, type Report, type ReportAction, type ReportReason, moderationCommands } from "@chat-widget/protocol";
import { commandId } from "../outbox/command-id.js";
import type { ServerLink } from "../server-link.js";

/** Why something is done; for the audit log, and never told to whom it is about. */
export interface Because {
  reason?: string;
}

/** For how long, in milliseconds; for good when left out. */
export interface ForAWhile extends Because {
  forMs?: number;
}

/** What keeps a room decent. All but `report` is for those whose `permissions` have `moderate`. Everything rejects with a `ChatError`: `forbidden` for whom it is not, and when it is about somebody with as much to say. */
export interface RoomModeration {
  /** Shows a message to those who moderate the room. */
  report(messageId: string, reason: ReportReason, note?: string): Promise<void>;
  /** Messages that were reported and not decided about, the oldest first; `next`, if there is one, is the `after` of the page behind. */
  reports(page?: { after?: string; limit?: number }): Promise<{ reports: Report[]; next?: string | undefined }>;
  /** Calls back when there may be new ones. Gives the function that ends it. */
  onReport(listener: () => void): () => void;
  /** Decides about a report; with `deleted` the message is deleted too. Gives it as it is then. */
  resolve(reportId: string, action: ReportAction, because?: Because): Promise<Report>;
  /** What was done in the room, the newest first; `next`, if there is one, is the `before` of the page behind. */
  audit(page?: { before?: string; limit?: number }): Promise<{ entries: AuditEntry[]; next?: string | undefined }>;
  /** Lets somebody write nothing. */
  mute(userId: string, how?: ForAWhile): Promise<void>;
  /** Lets them write again. */
  unmute(userId: string, because?: Because): Promise<void>;
  /** Puts somebody out of the room and keeps them out. */
  ban(userId: string, how?: ForAWhile): Promise<void>;
  /** Lets them come back. */
  unban(userId: string, because?: Because): Promise<void>;
  /** Puts somebody out of the room; ten seconds later they may come back. */
  kick(userId: string, because?: Because): Promise<void>;
}

type MemberCommand = Extract<keyof Commands, `member:${"mute" | "unmute" | "ban" | "unban" | "kick"}`>;

/** How one room is kept decent. `reported` are called when the server says that something was reported. */
export function moderationOf(roomId: string, connection: ServerLink, reported: Set<() => void>): RoomModeration {
  const about =
    (name: MemberCommand) =>
    async (userId: string, how: ForAWhile = {}): Promise<void> =>
      void (await connection.request(name, { roomId, id: commandId(), userId, ...how }, moderationCommands[name]));
  return {
    async report(messageId, reason, note) {
      await connection.request("message:report", { roomId, messageId, reason, ...(note !== undefined && { note }) }, moderationCommands["message:report"]);
    },
    reports: (page = {}) => connection.request("report:list", { roomId, ...page }, moderationCommands["report:list"]),
    onReport(listener) {
      // One of the application that throws must not keep others from hearing.
      const own = (): void => queueMicrotask(listener);
      reported.add(own);
      return () => void reported.delete(own);
    },
    async resolve(reportId, action, because = {}) {
      const { report } = await connection.request("report:resolve", { roomId, id: commandId(), reportId, action, ...because }, moderationCommands["report:resolve"]);
      return report;
    },
    audit: (page = {}) => connection.request("audit:read", { roomId, ...page }, moderationCommands["audit:read"]),
    mute: about("member:mute"),
    unmute: about("member:unmute"),
    ban: about("member:ban"),
    unban: about("member:unban"),
    kick: about("member:kick"),
  };
}
