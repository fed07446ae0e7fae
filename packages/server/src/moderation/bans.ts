import * as z from "zod/mini";
import { ChatError, Timestamp, UserId } from "@chat-widget/protocol";
import { recordKey } from "../stores/records.js";
import type { AuditLog } from "./audit-log.js";
import { HeldRecords, type HoldingOptions } from "./held-records.js";
import { matcherOf, nameOf, parseNetwork } from "./network.js";

/** Whom nobody in the chat wants to hear of for a while, or ever again. */
export const Ban = z.object({
  /** Who; missing when it is for an address. */
  userId: z.optional(UserId),
  /** Which address, or which network as in `203.0.113.0/24`; missing when it is for a user. */
  address: z.optional(z.string()),
  /** Since when. */
  at: Timestamp,
  /** Whose decision it was. */
  by: z.string(),
  /** Until when; missing when it has no end. */
  until: z.optional(Timestamp),
  reason: z.optional(z.string()),
});
export type Ban = z.infer<typeof Ban>;

/** Who is meant: a user, or everybody at an address or in a network. */
export type BanTarget = { userId: string } | { address: string };

/** What is decided about somebody, by whom and why. */
export interface Decision {
  by: string;
  until?: number | undefined;
  reason?: string | undefined;
}

/** Ended bans that are removed with one that is written. */
const overdueAtOnce = 100;

interface BansOptions extends HoldingOptions {
  audit: AuditLog;
  /** Somebody was banned: whoever is here and may not be has to go. */
  onBanned(): void;
}

interface HeldBan {
  ban: Ban;
  /** Whether it is for this address; never for one of a user. */
  holdsFor(address: string): boolean;
}

/** Who may not connect, known on every node. */
export class Bans {
  readonly #options: BansOptions;
  readonly #records: HeldRecords<HeldBan>;
  #ofNetworks: HeldBan[] = [];

  constructor(options: BansOptions) {
    this.#options = options;
    this.#records = new HeldRecords<HeldBan>({
      ...options,
      collection: "bans",
      read: readBan,
      onChange: (held) => {
        this.#ofNetworks = [...held.values()].filter(({ ban }) => ban.address !== undefined);
        options.onBanned();
      },
    });
  }

  /** @throws {ChatError} `unavailable` while it is not known who is banned */
  ready(): Promise<void> {
    return this.#records.ready();
  }

  /** The ban that a user is under. */
  ofUser(userId: string): Ban | undefined {
    const held = this.#records.held.get(keyOf({ userId }));
    return held !== undefined && this.#holds(held) ? held.ban : undefined;
  }

  /** The ban that an address is under, as `clientAddress` gives it. */
  ofAddress(address: string): Ban | undefined {
    return this.#ofNetworks.find((held) => this.#holds(held) && held.holdsFor(address))?.ban;
  }

  /** All that hold now, by the order of their ids and addresses. */
  list(): Ban[] {
    return [...this.#records.held.values()].filter((held) => this.#holds(held)).map(({ ban }) => ban);
  }

  /** Bans, or changes the ban there is. Resolves when it is stored and holds on this node; the others are told. @throws {ChatError} `invalid` */
  async ban(target: BanTarget, { by, until, reason }: Decision): Promise<void> {
    const { clock, audit } = this.#options;
    const about = tidied(target);
    const ban: Ban = { ...about, at: clock.now(), by, ...(until !== undefined && { until }), ...(reason !== undefined && { reason }) };
    const note = audit.note({ ...ban, action: "userId" in about ? "user.banned" : "address.banned" });
    await this.#records.write([{ key: keyOf(about), value: ban }, ...this.#overdue(keyOf(about))], note);
  }

  /** Lifts a ban; does nothing when there is none. Takes an address as {@link list} gives it. */
  async unban(target: BanTarget, { by, reason }: Decision): Promise<void> {
    const about = tidied(target);
    if (!this.#records.held.has(keyOf(about))) await this.#records.look();
    if (!this.#records.held.has(keyOf(about))) return;
    const note = this.#options.audit.note({ ...about, by, action: "userId" in about ? "user.unbanned" : "address.unbanned", ...(reason !== undefined && { reason }) });
    await this.#records.write([{ key: keyOf(about) }], note);
  }

  /** Another node says that they changed, or something may have been missed. */
  lookSoon(): void {
    this.#records.lookSoon();
  }

  close(): void {
    this.#records.close();
  }

  #holds({ ban: { until } }: HeldBan): boolean {
    return until === undefined || until > this.#options.clock.now();
  }

  /** What has ended goes with the next that is written. */
  #overdue(except: string): { key: string }[] {
    return [...this.#records.held].filter(([key, held]) => key !== except && !this.#holds(held)).slice(0, overdueAtOnce).map(([key]) => ({ key }));
  }
}

/** What somebody who may not connect is told: not why, and not which of their addresses it was. */
export function banned({ until }: Ban): ChatError {
  return new ChatError("banned", "unable to connect; this user or address may not take part", { ...(until !== undefined && { details: { until } }) });
}

function readBan(value: unknown): HeldBan | undefined {
  const ban = Ban.safeParse(value).data;
  const network = ban?.address === undefined ? undefined : parseNetwork(ban.address);
  return ban && { ban, holdsFor: network === undefined ? () => false : matcherOf(network) };
}

function tidied(target: BanTarget): BanTarget {
  if ("userId" in target) {
    const userId = UserId.safeParse(target.userId);
    if (userId.success) return { userId: userId.data };
    throw new ChatError("invalid", "unable to ban; `userId` is not the id of a user");
  }
  const network = parseNetwork(target.address);
  if (network !== undefined) return { address: nameOf(network) };
  throw new ChatError("invalid", "unable to ban; `address` must be an address such as `203.0.113.7`, or a network such as `203.0.113.0/24` or `2001:db8::/48`, no wider than /8 or /16");
}

function keyOf(target: BanTarget): string {
  return "userId" in target ? recordKey("user", target.userId) : recordKey("address", target.address);
}
