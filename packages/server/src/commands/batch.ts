import { ChatError, type WriteResult } from "@chat-widget/protocol";
import type { Room } from "../rooms/room.js";
import type { Append, Appended } from "../stores/chat-store.js";
import type { AnyWrite } from "./any-write.js";
import { doneBefore } from "./done-before.js";
import type { DraftedAppend, Writer } from "./draft.js";
import { draftEvent } from "./event.js";
import { draftDeletion, draftEdit, draftMessage } from "./message.js";
import { draftPin, draftUnpin } from "./pin.js";
import { draftReaction, draftReactionRemoval } from "./reaction.js";

interface Drafted {
  index: number;
  append: Append;
  onStored: (() => void) | undefined;
}

/**
 * Writes of one user in the order asked. The first that may be tried again ends it; what follows answers `aborted`, so
 * that a client which asks again keeps its order. Writes that do not look at what others before them made share a
 * transaction.
 */
export class Batch {
  readonly #writer: Writer;
  readonly #room: Room;
  readonly #writes: readonly AnyWrite[];
  readonly #results: WriteResult[] = [];
  /** Drafted and not yet committed. */
  readonly #group: Drafted[] = [];
  /** To be called when all is over. */
  readonly #releases: (() => void)[] = [];

  constructor(writer: Writer, room: Room, writes: readonly AnyWrite[]) {
    this.#writer = writer;
    this.#room = room;
    this.#writes = writes;
  }

  /** Does them and says how each ended. */
  async run(): Promise<WriteResult[]> {
    try {
      return await this.#doAll();
    } finally {
      for (const release of this.#releases) release();
    }
  }

  async #doAll(): Promise<WriteResult[]> {
    for (const [index, write] of this.#writes.entries()) {
      // A plain message or an event depends on nothing; everything else reads messages that the group may be about to change.
      const isPlain = write.name === "event:publish" || (write.name === "message:send" && write.input.replyTo === undefined && write.input.threadId === undefined);
      if (!isPlain && !(await this.#commit())) break;
      if (!(await this.#draft(index, write))) break;
    }
    await this.#commit();
    if (this.#writes.some(({ name }) => name === "message:send")) this.#room.typing.stop(this.#writer.profile.id);
    return this.#writes.map((_, index) => this.#results[index] ?? failed(new ChatError("aborted", "unable to write; an earlier command of the batch failed")));
  }

  /** False when it may be tried again, so that nothing after it may be done. */
  async #draft(index: number, write: AnyWrite): Promise<boolean> {
    if (write.name === "reaction:add") this.#releases.push(this.#room.reactions.hold(write.input.messageId));
    try {
      const drafted = await draft(this.#writer, this.#room, write);
      if (drafted === undefined) {
        this.#results[index] = { ok: true, data: {} };
        return true;
      }
      const { onStored, ...append } = drafted;
      this.#group.push({ index, append, onStored });
      return true;
    } catch (error) {
      const explained = this.#writer.explain(error);
      // What was done already need not wait until it might be done again.
      const event = explained.retry === "no" || explained.code === "rate-limited" ? await doneBefore(this.#writer, this.#room, write) : undefined;
      this.#results[index] = event === undefined ? failed(explained) : { ok: true, data: { event } };
      return event !== undefined || explained.retry !== "same";
    }
  }

  /** False when the store could not. */
  async #commit(): Promise<boolean> {
    return this.#append(this.#group.splice(0));
  }

  async #append(group: readonly Drafted[]): Promise<boolean> {
    if (group.length === 0) return true;
    try {
      const outcomes = await this.#room.append(group.map(({ append }) => append));
      for (const [place, { index, onStored }] of group.entries()) {
        this.#results[index] = await this.#resultOf(index, outcomes[place]);
        if (outcomes[place]?.outcome === "stored") onStored?.();
      }
      return true;
    } catch (error) {
      const explained = this.#writer.explain(error);
      if (explained.retry === "no" && group.length > 1) return this.#appendEach(group);
      for (const { index } of group.slice(0, 1)) this.#results[index] = failed(explained);
      return explained.retry !== "same";
    }
  }

  /** What a user asked as a guest and asks again as an account is done already. */
  async #resultOf(index: number, appended: Appended | undefined): Promise<WriteResult> {
    const write = this.#writes[index];
    const isOfFormer = appended?.outcome === "conflict" && write !== undefined && this.#writer.formerIds !== undefined;
    const event = isOfFormer ? await doneBefore(this.#writer, this.#room, write) : undefined;
    return event === undefined ? resultOf(appended) : { ok: true, data: { event } };
  }

  /** One that the store refuses for good must not take the others along. */
  async #appendEach(group: readonly Drafted[]): Promise<boolean> {
    for (const drafted of group) if (!(await this.#append([drafted]))) return false;
    return true;
  }
}

function draft(writer: Writer, room: Room, write: AnyWrite): Promise<DraftedAppend | undefined> {
  switch (write.name) {
    case "message:send":
      return draftMessage(writer, room, write.input);
    case "message:edit":
      return draftEdit(writer, room, write.input);
    case "message:delete":
      return draftDeletion(writer, room, write.input);
    case "reaction:add":
      return draftReaction(writer, room, write.input);
    case "reaction:remove":
      return draftReactionRemoval(writer, room, write.input);
    case "message:pin":
      return draftPin(writer, room, write.input);
    case "message:unpin":
      return draftUnpin(writer, room, write.input);
    case "event:publish":
      return draftEvent(writer, room, write.input);
  }
}

function resultOf(appended: Appended | undefined): WriteResult {
  if (appended === undefined) return failed(new ChatError("internal", "unable to write; the store gave no result"));
  if (appended.outcome === "conflict") return failed(new ChatError("conflict", "unable to write; the id was used for something else before"));
  return { ok: true, data: { event: appended.event } };
}

function failed(error: ChatError): WriteResult {
  return { ok: false, error: error.toJSON() };
}
