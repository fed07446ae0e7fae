import type { Profile } from "@chat-widget/protocol";

/** The people of another node, as it last told. */
export interface PeopleThere {
  /** A higher one is a later word. */
  version: number;
  count: number;
  /** The first of them by name. */
  people: readonly Profile[];
}

/** Who has a room open on other nodes, by what each of them said last. */
export class PeopleElsewhere {
  readonly #nodes = new Map<string, { version: number; count: number; people: Map<string, Profile> }>();

  /** What was last heard of a node, 0 when nothing was. */
  versionOf(nodeId: string): number {
    return this.#nodes.get(nodeId)?.version ?? 0;
  }

  /** The ids of those who are known by name on a node. */
  namesOn(nodeId: string): string[] {
    return [...(this.#nodes.get(nodeId)?.people.keys() ?? [])];
  }

  set(nodeId: string, { version, count, people }: PeopleThere): void {
    const named = new Map(people.map((profile) => [profile.id, profile]));
    this.#nodes.set(nodeId, { version, count: Math.max(count, named.size), people: named });
  }

  delete(nodeId: string): void {
    this.#nodes.delete(nodeId);
  }

  find(userId: string): Profile | undefined {
    for (const { people } of this.#nodes.values()) if (people.has(userId)) return people.get(userId);
    return undefined;
  }

  *profiles(): Generator<Profile> {
    for (const { people } of this.#nodes.values()) yield* people.values();
  }

  /** How many there are who are not here too; who is on several nodes counts once, as far as names are known. */
  countBeside(isHere: (userId: string) => boolean): number {
    let total = 0;
    const seen = new Set<string>();
    for (const { count, people } of this.#nodes.values()) {
      total += count;
      for (const userId of people.keys()) {
        if (isHere(userId) || seen.has(userId)) total -= 1;
        seen.add(userId);
      }
    }
    return total;
  }
}
