import * as z from "zod/mini";
import type { User } from "@chat-widget/protocol";
import { HeldRecords, type HoldingOptions } from "./held-records.js";

/** How much somebody has to say in the whole chat; who has less never acts on who has as much or more. */
export const ranks = { everybody: 0, roomModerator: 1, moderator: 2, admin: 3 } as const;

const Entry = z.object({ rank: z.int() });

/** The rank that the application's roles give a user. */
export function rankOfRoles(roles: User["roles"]): number {
  if (roles.includes("admin")) return ranks.admin;
  return roles.includes("moderator") ? ranks.moderator : ranks.everybody;
}

/** Who moderates the whole chat, as last seen: `authenticate` says it when they connect, and it has to be known when they are away. */
export class Staff {
  readonly #options: HoldingOptions;
  readonly #records: HeldRecords<z.infer<typeof Entry>>;

  constructor(options: HoldingOptions) {
    this.#options = options;
    this.#records = new HeldRecords({ ...options, collection: "staff", read: (value) => Entry.safeParse(value).data, onChange: () => undefined });
  }

  /** The rank of a user in the whole chat. */
  rankOf(userId: string): number {
    return this.#records.held.get(userId)?.rank ?? ranks.everybody;
  }

  /** Notes what the application says of somebody who connects; what is known already costs nothing. */
  learn({ id, roles }: User): void {
    const rank = rankOfRoles(roles);
    if (rank === this.rankOf(id)) return;
    const { report } = this.#options;
    const learned = this.#records.write([rank === ranks.everybody ? { key: id } : { key: id, value: { rank } }], []);
    learned.catch((error: unknown) => void report(error, "unable to note who moderates; it is tried again when they connect"));
  }

  /** Forgets that somebody moderates; who connects as a moderator is one again. */
  async forget(userId: string): Promise<void> {
    if (this.#records.held.has(userId)) await this.#records.write([{ key: userId }], []);
  }

  /** @throws {ChatError} `unavailable` while it is not known who moderates */
  ready(): Promise<void> {
    return this.#records.ready();
  }

  lookSoon(): void {
    this.#records.lookSoon();
  }

  close(): void {
    this.#records.close();
  }
}
