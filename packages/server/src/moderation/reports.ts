import { isDeepStrictEqual } from "node:util";
import { ChatError, type Complaint, type Message, type Profile, Report, type ReportAction, type ReportReason } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import type { Clock } from "../clock.js";
import type { ChatStore } from "../stores/chat-store.js";
import { nameless } from "../stores/forget.js";
import { type RecordWrite, type StoredRecord, recordKey } from "../stores/records.js";

const reports = "reports";
/** The report of each text that was reported. */
const reported = "reported-texts";
const open = "open-reports";
const openOfRoom = "open-reports-of-room";
/** Who reported what. */
const voices = "report-voices";
/** Complaints that are kept; of the others only how many. */
const keptComplaints = 20;
const forgottenAtOnce = 50;
const pageSize = 200;
/** How often it is tried to be quicker than others who report the same. */
const tries = 8;

/** What somebody says about a message. */
export interface Complaining {
  by: string;
  reason: ReportReason;
  note?: string | undefined;
}

/** A text as it stands in the log. */
export interface ReportedText {
  roomId: string;
  messageId: string;
  seq?: number;
  author: Profile;
  text: string;
  /** When it took the place of another; missing for the first. */
  editedAt?: number | undefined;
}

/** Which open reports to read. */
export interface ReportQuery {
  /** Only those of this room. */
  roomId?: string | undefined;
  /** Only those after the report of this id. */
  after?: string | undefined;
  limit: number;
}

/**
 * What people say about messages, and what moderators have to look at. A text is reported once, with all that is said
 * about it; when it is edited it is another. What was decided about a text stays decided, whoever complains after it.
 */
export class Reports {
  readonly #store: ChatStore;
  readonly #clock: Clock;

  constructor(store: ChatStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Takes a complaint; each user has one about a text. Gives the report if it is the first about it. */
  async file(roomId: string, { id: messageId, seq, author, text, editedAt }: Message, { by, reason, note }: Complaining): Promise<Report | undefined> {
    const about = { roomId, messageId, seq, author, text, editedAt };
    const complaint: Complaint = { by, at: this.#clock.now(), reason, ...(note !== undefined && { note }) };
    for (let left = tries; left > 0; left -= 1) {
      const [known] = await this.#store.records(reported, { keys: [placeOf(about).key] });
      const outcome = known === undefined ? await this.#first(about, complaint) : await this.#further(idIn(known.value), complaint, by);
      if (outcome !== "late") return outcome;
    }
    throw new ChatError("unavailable", "unable to report the message; too many do so right now", { retryAfterMs: 1_000 });
  }

  /** The records that report a text that is about to be stored, and what they say. */
  flag(about: ReportedText, at: number, note: string): { report: Report; writes: RecordWrite[] } {
    const report = this.#reportOf(about, { at, reason: "other", note });
    return { report, writes: [...writesOf(report), { ...placeOf(about), value: pointerTo(report) }] };
  }

  /** Open reports, the oldest first. */
  async list({ roomId, after, limit }: ReportQuery): Promise<Report[]> {
    const ids =
      roomId === undefined
        ? await this.#store.records(open, { ...(after !== undefined && { after }), limit })
        : await this.#store.records(openOfRoom, { under: roomId, ...(after !== undefined && { after: recordKey(roomId, after) }), limit });
    if (ids.length === 0) return [];
    const records = await this.#store.records(reports, { keys: ids.map(({ value }) => idIn(value)) });
    return records.map(({ value }) => Report.parse(value)).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** One report of a room; undefined when there is none by this id. */
  async find(roomId: string, id: string): Promise<Report | undefined> {
    const [record] = await this.#store.records(reports, { keys: [id] });
    const report = record && Report.parse(record.value);
    return report?.roomId === roomId ? report : undefined;
  }

  /** A report with a decision, and the records that store it. */
  resolve(report: Report, by: string, action: ReportAction): { resolved: Report; writes: RecordWrite[] } {
    const resolved: Report = { ...report, resolution: { by, at: this.#clock.now(), action } };
    const writes = [
      { collection: reports, key: report.id, value: resolved },
      ...removalsOf(report),
    ];
    return { resolved, writes };
  }

  /** Writes what {@link resolve} gave, and what belongs to it. */
  async write(writes: readonly RecordWrite[]): Promise<void> {
    await this.#store.writeRecords(writes);
  }

  /** Removes some of the reports from before a time, decided or not, with the texts they keep. Gives whether there are no more of them. */
  async forget(before: number): Promise<boolean> {
    const oldest = (await this.#store.records(reports, { limit: forgottenAtOnce })).map(({ value }) => Report.parse(value));
    const old = oldest.filter(({ at }) => at < before);
    for (const { id, roomId, messageId } of old) {
      const [said, texts] = await Promise.all([this.#store.records(voices, { under: id, limit: 1_000 }), this.#store.records(reported, { under: recordKey(roomId, messageId), limit: 1_000 })]);
      await this.#store.writeRecords([
        ...said.map(({ key }) => ({ collection: voices, key })),
        ...texts.filter(({ value }) => idIn(value) === id).map(({ key }) => ({ collection: reported, key })),
        ...removalsOf({ id, roomId }),
        // Last of all, so that nothing of it is left when it is gone.
        ...(said.length < 1_000 ? [{ collection: reports, key: id }] : []),
      ]);
    }
    return old.length < forgottenAtOnce;
  }

  /** The reports that users wrote something of: the text that is reported, or a complaint. Looks at all: to be asked rarely. */
  async *ofUsers(userIds: ReadonlySet<string>): AsyncGenerator<{ report: Report; revision: number }> {
    for (let after: string | undefined; ; ) {
      const page: readonly StoredRecord[] = await this.#store.records(reports, { ...(after !== undefined && { after }), limit: pageSize });
      for (const { value, revision } of page) {
        const report = Report.parse(value);
        if (userIds.has(report.author.id) || report.complaints.some(({ by }) => by !== undefined && userIds.has(by))) yield { report, revision };
      }
      after = page.at(-1)?.key;
      if (after === undefined) return;
    }
  }

  /** Takes out of reports what users wrote and what they are called. Gives how many there were that had any of it. */
  async redact(userIds: ReadonlySet<string>): Promise<number> {
    let count = 0;
    for await (const { report, revision } of this.ofUsers(userIds)) {
      const isOwn = userIds.has(report.author.id);
      const complaints = report.complaints.map(({ note, ...rest }) => (note === undefined || (rest.by !== undefined && userIds.has(rest.by)) ? rest : { ...rest, note }));
      const value: Report = { ...report, complaints, ...(isOwn && { author: nameless(report.author), text: "" }) };
      if (isDeepStrictEqual(value, report)) continue;
      count += 1;
      // One that somebody changed meanwhile is found the next time.
      await this.#store.writeRecords([{ collection: reports, key: report.id, value, expect: revision }]);
    }
    return count;
  }

  async #first(about: ReportedText, complaint: Complaint): Promise<Report | "late"> {
    const report = this.#reportOf(about, complaint);
    const isWritten = await this.#store.writeRecords([...writesOf(report), { ...placeOf(about), value: pointerTo(report), expect: 0 }]);
    return isWritten ? report : "late";
  }

  async #further(id: string, complaint: Complaint, by: string): Promise<undefined | "late"> {
    const voice = { collection: voices, key: recordKey(id, by) };
    const [[record], [said]] = await Promise.all([this.#store.records(reports, { keys: [id] }), this.#store.records(voices, { keys: [voice.key] })]);
    if (said !== undefined || record === undefined) return undefined;
    const report = Report.parse(record.value);
    const value: Report = { ...report, count: report.count + 1, complaints: [...report.complaints, complaint].slice(0, keptComplaints) };
    const isWritten = await this.#store.writeRecords([
      { collection: reports, key: id, value, expect: record.revision },
      { ...voice, value: {}, expect: 0 },
    ]);
    return isWritten ? undefined : "late";
  }

  #reportOf({ roomId, messageId, seq, author, text }: ReportedText, complaint: Complaint): Report {
    return { roomId, messageId, ...(seq !== undefined && { seq }), author, text, id: uuidv7({ msecs: this.#clock.now() }), at: complaint.at, count: 1, complaints: [complaint] };
  }
}

/** What leads from a key to a report. */
function pointerTo({ id }: Report): object {
  return { id };
}

function idIn(value: unknown): string {
  if (typeof value === "object" && value !== null && "id" in value && typeof value.id === "string") return value.id;
  throw new Error("the store gave a report without its id");
}

/** Where it is found by its text. */
function placeOf({ roomId, messageId, editedAt = 0 }: ReportedText): { collection: string; key: string } {
  return { collection: reported, key: recordKey(roomId, messageId, editedAt) };
}

/** What takes it off the lists. */
function removalsOf({ id, roomId }: Pick<Report, "id" | "roomId">): RecordWrite[] {
  return [
    { collection: open, key: id },
    { collection: openOfRoom, key: recordKey(roomId, id) },
  ];
}

function writesOf(report: Report): RecordWrite[] {
  const { id, roomId, complaints } = report;
  const by = complaints[0]?.by;
  return [
    { collection: reports, key: id, value: report },
    { collection: open, key: id, value: pointerTo(report) },
    { collection: openOfRoom, key: recordKey(roomId, id), value: pointerTo(report) },
    ...(by === undefined ? [] : [{ collection: voices, key: recordKey(id, by), value: {} }]),
  ];
}
