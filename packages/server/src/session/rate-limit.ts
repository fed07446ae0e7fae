import type { CommandName } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import { type Rate, TokenBucket } from "../token-bucket.js";

/** What is counted together: writes, making private rooms and invitations, opening rooms, reading, searching, signals (typing, read positions), whispers of the application's events, changes of who one is, files to be sent, and reports. */
export type RateClass = "write" | "create" | "join" | "read" | "search" | "signal" | "whisper" | "identity" | "upload" | "report";

/** How often each user may ask, how often all together may write to one room, and how many packets a connection may send. */
export type Rates = Record<RateClass | "room" | "packets", Rate>;

/** Far above what a person does, one who comes back with a full outbox and many open rooms included. */
export const defaultRates: Rates = {
  write: { burst: 50, perSecond: 10 },
  create: { burst: 20, perSecond: 0.2 },
  join: { burst: 100, perSecond: 2 },
  read: { burst: 100, perSecond: 10 },
  search: { burst: 20, perSecond: 0.5 },
  signal: { burst: 100, perSecond: 10 },
  whisper: { burst: 60, perSecond: 20 },
  identity: { burst: 10, perSecond: 0.2 },
  upload: { burst: 50, perSecond: 0.05 },
  report: { burst: 10, perSecond: 0.05 },
  // The crowd of a busy stream; what is beyond would stop the rooms beside it. More than twice what one address may, so
  // that one who comes back as a new guest again and again does not use it up for everybody.
  room: { burst: 5_000, perSecond: 500 },
  packets: { burst: 500, perSecond: 50 },
};

const classOf: Record<CommandName, RateClass> = {
  "message:send": "write",
  "message:edit": "write",
  "message:delete": "write",
  "reaction:add": "write",
  "reaction:remove": "write",
  "message:pin": "write",
  "message:unpin": "write",
  "room:write": "write",
  "room:join": "join",
  "room:leave": "join",
  "room:sync": "read",
  "history:read": "read",
  "message:read": "read",
  "message:search": "search",
  "pins:read": "read",
  "message:history": "read",
  "thread:positions": "read",
  "thread:mark": "signal",
  "receipt:move": "signal",
  "typing:set": "signal",
  "room:update": "write",
  "room:list": "read",
  "room:members": "read",
  "room:open-direct": "create",
  "room:open-support": "create",
  "member:add": "write",
  "member:remove": "write",
  "member:set-role": "write",
  "member:leave": "write",
  "invite:create": "create",
  "invite:accept": "create",
  "event:publish": "write",
  "event:whisper": "whisper",
  "event:read": "read",
  "stream:read": "read",
  "session:refresh": "identity",
  "upload:request": "upload",
  "upload:finish": "write",
  "upload:cancel": "write",
  "upload:read": "read",
  "message:report": "report",
  "report:list": "read",
  "report:resolve": "write",
  "audit:read": "read",
  "member:mute": "write",
  "member:unmute": "write",
  "member:ban": "write",
  "member:unban": "write",
  "member:kick": "write",
};

/** Buckets above which those that are full again are forgotten. */
const sweepSize = 1_000;

/** Counts what each user asks over all their connections, each address over all its users, and what is written to each room. */
export class RateLimit {
  readonly #rates: Rates;
  readonly #perAddress: Rate | undefined;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, TokenBucket>();
  #sweepAt = sweepSize;

  /** Without `perAddress` addresses are not counted. */
  constructor(rates: Rates, perAddress: Rate | undefined, clock: Clock) {
    this.#rates = rates;
    this.#perAddress = perAddress;
    this.#clock = clock;
  }

  /** Gives 0 when the user may ask, else the milliseconds to wait. A batch costs as much as its commands. */
  take(userId: string, address: string | undefined, name: CommandName, raw: unknown): number {
    const rateClass = classOf[name];
    const cost = name === "room:write" ? batchSize(raw) : 1;
    const waitMs = this.#bucket(`${rateClass} ${userId}`, this.#rates[rateClass]).take(cost);
    if (waitMs > 0 || address === undefined || this.#perAddress === undefined) return waitMs;
    return this.#bucket(`address ${address}`, this.#perAddress).take(cost);
  }

  /** Gives 0 when so many commands may be written to a room, else the milliseconds to wait. */
  takeRoom(roomId: string, writes: number): number {
    return this.#bucket(`room ${roomId}`, this.#rates.room).take(writes);
  }

  #bucket(key: string, rate: Rate): TokenBucket {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      this.#sweep();
      bucket = new TokenBucket(rate, this.#clock);
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }

  #sweep(): void {
    if (this.#buckets.size < this.#sweepAt) return;
    for (const [key, bucket] of this.#buckets) if (bucket.isFull) this.#buckets.delete(key);
    this.#sweepAt = Math.max(sweepSize, this.#buckets.size * 2);
  }
}

function batchSize(raw: unknown): number {
  if (typeof raw !== "object" || raw === null || !("writes" in raw) || !Array.isArray(raw.writes)) return 1;
  return Math.max(1, raw.writes.length);
}
