import { isDeepStrictEqual } from "node:util";
import { ChatError, Member, type Profile, type RoomEvent, RoomSettings } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import type { Clock } from "../../clock.js";
import type { Append, Appended, EventDraft } from "../../stores/chat-store.js";
import { fingerprintOf } from "../../stores/fingerprint.js";
import type { RecordWrite } from "../../stores/records.js";
import { type SettingsSource, readMembers, readSettings, recordsOfMember, recordsOfSettings } from "./room-records.js";

/** What every change says of itself. */
export interface ChangeBy {
  /** Who does it. */
  by: string;
  /** A UUID of version 7. The same one asked twice is one change. */
  id: string;
  /** Written with the change, such as why it was made. */
  records?: readonly Omit<RecordWrite, "expect">[];
}

/** New values; `null` takes one away, and what is left out stays as it is. */
export type Patch<T> = { readonly [N in keyof T]?: T[N] | null | undefined };

/** A change of what somebody is to the room. */
export interface MemberChange extends ChangeBy {
  userId: string;
  /** What they are called now; as it was known before when left out. */
  profile?: Profile | undefined;
  change: Extract<RoomEvent, { type: "member.changed" }>["change"];
  patch: Patch<Pick<Member, "role" | "mutedUntil" | "bannedUntil">>;
}

/** A change of how the room is run. */
export interface SettingsChange extends ChangeBy {
  patch: Patch<RoomSettings>;
  /** The room is to be there even if it is run as any other. */
  isNew?: boolean;
}

interface RoomChangesOptions extends SettingsSource {
  roomId: string;
  clock: Clock;
  append(appends: readonly Append[]): Promise<Appended[]>;
  /** Keeps the room alive meanwhile. */
  keep<T>(run: () => Promise<T>): Promise<T>;
}

/** Changes what a room is, one change after the other: each is an event of the log, and what is then true a record written with it. */
export class RoomChanges {
  readonly #options: RoomChangesOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RoomChangesOptions) {
    this.#options = options;
  }

  /** Changes how the room is run. Gives the event; undefined when everything is like this already. @throws {ChatError} */
  settings({ by, id, patch, isNew = false, records = [] }: SettingsChange): Promise<RoomEvent | undefined> {
    const { roomId, defaults } = this.#options;
    return this.#inTurn(async () => {
      const before = await readSettings(this.#options, roomId);
      const settings = RoomSettings.parse({ ...defaults, ...patched(before, patch) });
      if (!isNew && isDeepStrictEqual(before, settings)) return undefined;
      return this.#append({ type: "room.updated", id, by, settings }, [patch], [...recordsOfSettings(roomId, settings), ...records]);
    });
  }

  /** Changes what somebody is to the room. Gives the event; undefined when they are that already. @throws {ChatError} */
  member({ by, id, userId, profile, change, patch, records = [] }: MemberChange): Promise<RoomEvent | undefined> {
    const { roomId } = this.#options;
    return this.#inTurn(async () => {
      const before = (await this.#member(userId)) ?? { user: { id: userId, name: userId } };
      const member = Member.parse({ ...patched(before, patch), user: before.user });
      // A new name alone is not worth an event.
      if (isDeepStrictEqual(before, member)) return undefined;
      if (profile !== undefined) member.user = profile;
      const kept = [...recordsOfMember(roomId, member), ...records];
      return this.#append({ type: "member.changed", id, by, change, member }, [change, userId, patch], kept);
    });
  }

  /** Makes a private room for somebody and for others. Those who left it since are not brought back. */
  async open(user: Profile, otherIds: readonly string[]): Promise<void> {
    const { store, roomId, clock } = this.#options;
    const newId = () => uuidv7({ msecs: clock.now() });
    const join = async (userId: string, profile?: Profile): Promise<void> => {
      if ((await this.#member(userId))?.role !== undefined) return;
      await this.member({ by: user.id, id: newId(), userId, profile, change: "joined", patch: { role: "member" } });
    };
    // The others come first: where that failed, it is done again.
    const [head = 0] = await store.heads([roomId]);
    if (head === 0) for (const userId of otherIds) await join(userId);
    await join(user.id, user);
    await this.settings({ by: user.id, id: newId(), patch: { access: "private" } });
  }

  async #member(userId: string): Promise<Member | undefined> {
    const { store, roomId } = this.#options;
    return (await readMembers(store, roomId, [userId])).get(userId);
  }

  async #append(draft: EventDraft, content: readonly unknown[], records: NonNullable<Append["records"]>): Promise<RoomEvent> {
    const { append, clock } = this.#options;
    const [appended] = await append([{ draft, at: clock.now(), fingerprint: fingerprintOf(draft.type, content), records }]);
    if (appended === undefined) throw new ChatError("internal", "unable to change the room; the store gave no result");
    if (appended.outcome === "conflict") throw new ChatError("conflict", "unable to change the room; the id was used for something else before");
    return appended.event;
  }

  /** What one change makes, the next one builds on. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#options.keep(() => this.#last.then(run));
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** One thing with the new values of a patch. */
function patched(before: object, patch: object): Record<string, unknown> {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  const after = Object.entries({ ...before, ...Object.fromEntries(given) });
  return Object.fromEntries(after.filter(([, value]) => value !== null));
}
