import { expect, it } from "vitest";
import { Furthest } from "./furthest.js";

it("keeps the furthest in order, however they move", () => {
  const positions = new Map(Array.from({ length: 40 }, (_, n) => [`user ${n}`, (n * 7) % 41]));
  const all = () => [...positions].map(([userId, seq]) => ({ userId, seq }));
  const furthest = new Furthest(10, all());
  const seqsOf = (receipts: readonly { seq: number }[]) => receipts.map(({ seq }) => seq);
  for (let step = 1; step <= 500; step++) {
    const userId = `user ${(step * 13) % 60}`;
    const seq = (positions.get(userId) ?? 0) + 1 + ((step * 31) % 17);
    positions.set(userId, seq);
    furthest.move({ userId, seq });
    expect(seqsOf(furthest.receipts)).toEqual(seqsOf(all().toSorted((a, b) => b.seq - a.seq)).slice(0, 10));
    expect(furthest.receipts.every((receipt) => positions.get(receipt.userId) === receipt.seq)).toBe(true);
  }
});
