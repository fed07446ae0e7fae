import { createHash, randomBytes } from "node:crypto";
import { ChatError, RoomId, Timestamp, UserId } from "@chat-widget/protocol";
import * as z from "zod/mini";
import type { Clock } from "../../clock.js";
import type { ChatStore } from "../../stores/chat-store.js";

const collection = "invites";
/** How often a use is counted down against others who use the same one. */
const tries = 8;

const Invite = z.object({
  roomId: RoomId,
  /** Who made it. */
  by: UserId,
  expiresAt: Timestamp,
  /** How often it may be used from now on; any number when missing. */
  usesLeft: z.optional(z.int()),
});
type Invite = z.infer<typeof Invite>;

/** Invitations to rooms: a random code for whoever has it. The store has its digest only, which opens nothing. */
export class Invites {
  readonly #store: ChatStore;
  readonly #clock: Clock;

  constructor(store: ChatStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async create(invite: Invite): Promise<{ code: string; expiresAt: number }> {
    const code = randomBytes(32).toString("base64url");
    await this.#store.writeRecords([{ collection, key: keyOf(code), value: invite }]);
    return { code, expiresAt: invite.expiresAt };
  }

  /** What a code invites to. @throws {ChatError} `not-found` when it is none, used up or too old */
  async find(code: string): Promise<Invite> {
    return (await this.#read(code)).invite;
  }

  /** Counts one use. @throws {ChatError} `not-found` when there is none left */
  async use(code: string): Promise<void> {
    for (let left = tries; left > 0; left -= 1) {
      const { invite, revision } = await this.#read(code);
      if (invite.usesLeft === undefined) return;
      const usesLeft = invite.usesLeft - 1;
      const write = { collection, key: keyOf(code), expect: revision };
      if (await this.#store.writeRecords([usesLeft === 0 ? write : { ...write, value: { ...invite, usesLeft } }])) return;
    }
    throw new ChatError("unavailable", "unable to accept the invitation; too many do so right now", { retryAfterMs: 1_000 });
  }

  async #read(code: string): Promise<{ invite: Invite; revision: number }> {
    const [record] = await this.#store.records(collection, { keys: [keyOf(code)] });
    const invite = record && Invite.parse(record.value);
    if (record === undefined || invite === undefined || invite.expiresAt <= this.#clock.now()) throw new ChatError("not-found", "unable to accept the invitation; there is none by this code, or it is not good any more");
    return { invite, revision: record.revision };
  }
}

function keyOf(code: string): string {
  return createHash("sha256").update(code).digest("base64url");
}
