import { ChatError, type Report, type ReportAction } from "@chat-widget/protocol";
import type { RecordWrite } from "../stores/records.js";
import type { HoldingOptions } from "./held-records.js";
import { AuditLog } from "./audit-log.js";
import { Bans } from "./bans.js";
import { DeskRetention } from "./desk-retention.js";
import { Reports } from "./reports.js";
import { Staff } from "./staff.js";

interface DeskOptions extends HoldingOptions {
  /** Somebody was banned: whoever is here and may not be has to go. */
  onBanned(): void;
  /** How long reports and the audit log are kept; for ever when undefined. */
  retentionDays: number | undefined;
  /** Gives numbers from 0 to below 1. */
  random: () => number;
  /** A text was reported for the first time, or flagged; on the node where it was. */
  onReport(report: Report): void;
  /** A text of this room was reported on this node or another. */
  onReported(roomId: string): void;
}

/** What is decided about a report, by whom and why. */
export interface Resolving {
  by: string;
  action: ReportAction;
  reason?: string | undefined;
}

/** Stores a decision. */
type Commit = (records: RecordWrite[], report: Report) => Promise<void>;

/** What moderators work with: the bans of the whole chat, what people report, and what was done. */
export class ModerationDesk {
  readonly audit: AuditLog;
  readonly bans: Bans;
  readonly reports: Reports;
  readonly staff: Staff;
  readonly #options: DeskOptions;
  readonly #retention: DeskRetention | undefined;

  constructor(options: DeskOptions) {
    const { store, clock } = options;
    this.#options = options;
    this.audit = new AuditLog(store, clock);
    this.bans = new Bans({ ...options, audit: this.audit });
    this.reports = new Reports(store, clock);
    this.staff = new Staff(options);
    const { retentionDays: days } = options;
    if (days !== undefined) this.#retention = new DeskRetention([this.audit, this.reports], { ...options, days });
  }

  /** Returns once this node knows who may not connect. @throws {ChatError} `unavailable` */
  async ready(): Promise<void> {
    await Promise.all([this.bans.ready(), this.staff.ready()]);
  }

  /** Tells of a report that is new: the application here, and moderators on all nodes. */
  filed(report: Report): void {
    const { tell, onReport, onReported } = this.#options;
    onReport(report);
    onReported(report.roomId);
    tell({ kind: "reported", roomId: report.roomId });
  }

  /** Decides about a report that is open. Gives it as it is then. @throws {ChatError} `not-found`, or `conflict` when somebody else has decided */
  async resolve(roomId: string, reportId: string, { by, action, reason }: Resolving, commit: Commit = (records) => this.reports.write(records)): Promise<Report> {
    const report = await this.reports.find(roomId, reportId);
    if (report === undefined) throw new ChatError("not-found", "unable to decide about the report; there is none by this id in the room");
    const { resolution, author, messageId } = report;
    if (resolution?.by === by && resolution.action === action) return report;
    if (resolution !== undefined) throw new ChatError("conflict", "unable to decide about the report; somebody has decided already");
    const { resolved, writes } = this.reports.resolve(report, by, action);
    const deed = { action: `report.${action}`, by, roomId, userId: author.id, messageId };
    await commit([...writes, ...this.audit.note({ ...deed, ...(reason !== undefined && { reason }) })], report);
    return resolved;
  }

  /** Something that every node has in memory may have changed. */
  lookSoon(): void {
    this.bans.lookSoon();
    this.staff.lookSoon();
  }

  close(): void {
    this.bans.close();
    this.staff.close();
    this.#retention?.close();
  }
}
