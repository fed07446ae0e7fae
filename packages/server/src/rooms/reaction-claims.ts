import type { Message } from "@chat-widget/protocol";

/** A reaction that is being added. */
export interface Claim {
  emoji: string;
  userId: string;
}

interface Claims {
  holders: number;
  claims: Claim[];
}

/**
 * The reactions that are being added to messages on this node, so that many that are asked at once do not each find room
 * for themselves. What is claimed counts until nobody adds to the message any more: whoever looked at the message before
 * it was stored learns of it here.
 */
export class ReactionClaims {
  readonly #messages = new Map<string, Claims>();

  /** Begins to add to a message, before the message is read. Gives the function that ends it, when all is stored. */
  hold(messageId: string): () => void {
    const known = this.#messages.get(messageId) ?? { holders: 0, claims: [] };
    this.#messages.set(messageId, known);
    known.holders += 1;
    return () => {
      known.holders -= 1;
      if (known.holders === 0) this.#messages.delete(messageId);
    };
  }

  /** Who reacts with what: as the message says, and as is being added. */
  of({ id, reactions }: Message): Map<string, ReadonlySet<string>> {
    const users = new Map(reactions.map(({ emoji, userIds }) => [emoji, new Set(userIds)]));
    for (const { emoji, userId } of this.#messages.get(id)?.claims ?? []) users.set(emoji, (users.get(emoji) ?? new Set()).add(userId));
    return users;
  }

  add(messageId: string, claim: Claim): void {
    this.#messages.get(messageId)?.claims.push(claim);
  }

  /** The reaction is being taken back. */
  drop(messageId: string, { emoji, userId }: Claim): void {
    const known = this.#messages.get(messageId);
    if (known !== undefined) known.claims = known.claims.filter((claim) => claim.emoji !== emoji || claim.userId !== userId);
  }
}
