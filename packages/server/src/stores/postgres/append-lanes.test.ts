import { ChatError } from "@chat-widget/protocol";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { sending } from "../contract/drafts.js";
import type { AppendOutcome, AppendRequest } from "../room-draft.js";
import { AppendLanes } from "./append-lanes.js";
import type { Patience } from "./append-group.js";

const texts = (requests: readonly AppendRequest[]) => requests.map(({ roomId, appends }) => `${roomId} ${appends.map(({ fingerprint }) => fingerprint).join()}`);
const done = (requests: readonly AppendRequest[]): AppendOutcome[] => requests.map(() => ({ ok: true, results: [] }));
const turn = () => new Promise(setImmediate);

interface Transaction {
  asked: string[];
  patience: Patience;
  end(outcomes?: (AppendOutcome | undefined)[]): void;
  fail(error: unknown): void;
}

/** Lanes whose transactions end when the test says so. */
function makeLanes(most = 2) {
  const transactions: Transaction[] = [];
  const lanes = new AppendLanes(most, (requests, patience) => {
    const { promise, resolve, reject } = Promise.withResolvers<(AppendOutcome | undefined)[]>();
    transactions.push({ asked: texts(requests), patience, end: (outcomes = done(requests)) => resolve(outcomes), fail: reject });
    return promise;
  });
  const append = (roomId: string, text: string) => lanes.append(roomId, [sending(text)]);
  return { transactions, append };
}

it("takes everything that is asked in one turn together, and what is asked meanwhile into the next", async () => {
  const { transactions, append } = makeLanes(1);
  const first = [append("a", "1"), append("b", "1"), append("a", "2")];
  await turn();
  const second = [append("c", "1"), append("a", "3")];
  await turn();
  expect(transactions.map(({ asked }) => asked)).toEqual([["a 1", "a 2", "b 1"]]);
  transactions[0]?.end();
  await Promise.all(first);
  await turn();
  expect(transactions.slice(1).map(({ asked }) => asked)).toEqual([["c 1", "a 3"]]);
  transactions[1]?.end();
  await Promise.all(second);
});

it("waits alone for a room that was skipped, while others go on", async () => {
  const { transactions, append } = makeLanes(1);
  const results = [append("held", "1"), append("free", "1")];
  await turn();
  transactions[0]?.end([undefined, { ok: true, results: [] }]);
  await results[1];
  const later = [append("held", "2"), append("free", "2")];
  await turn();
  expect(transactions.slice(1).map(({ asked, patience }) => `${patience} ${asked.join()}`)).toEqual(["waits held 1", "skips free 2"]);
  transactions[2]?.end();
  await later[1];
  transactions[1]?.end();
  await results[0];
  await turn();
  await turn();
  expect(transactions[3]).toMatchObject({ asked: ["held 2"], patience: "skips" });
});

it("lets one room's fault take no other along, and a broken database all", async () => {
  const { transactions, append } = makeLanes();
  const settled = Promise.allSettled([append("good", "1"), append("bad", "1")]);
  await turn();
  transactions[0]?.fail(new Error("value too long"));
  await turn();
  expect(transactions.slice(1).map(({ asked }) => asked)).toEqual([["good 1"], ["bad 1"]]);
  transactions[1]?.end();
  transactions[2]?.fail(new Error("value too long"));
  expect(await settled).toMatchObject([{ status: "fulfilled" }, { status: "rejected", reason: { message: "value too long" } }]);

  const lost = Promise.allSettled([append("good", "2"), append("bad", "2")]);
  await turn();
  await turn();
  transactions[3]?.fail(new ChatError("unavailable", "unable to use the store; its database was replaced"));
  expect(await lost).toMatchObject([{ reason: { code: "unavailable" } }, { reason: { code: "unavailable" } }]);
  expect(transactions).toHaveLength(4);
});

it("does what is asked of a room in its order, never in two transactions at once, and all of it, however they end", async () => {
  const end = fc.record({ kind: fc.constantFrom("end", "end", "skip", "fault", "break"), which: fc.nat(9) });
  const asks = fc.array(fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 4 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(asks, fc.array(end, { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 3 }), async (rounds, ends, most) => {
      const running = new Set<{ requests: readonly AppendRequest[]; end(kind: string): void }>();
      const stored: string[] = [];
      const lanes = new AppendLanes(most, (requests, patience) => {
        const { promise, resolve, reject } = Promise.withResolvers<(AppendOutcome | undefined)[]>();
        for (const other of running) for (const { roomId } of requests) expect(other.requests.map((request) => request.roomId)).not.toContain(roomId);
        const transaction = {
          requests,
          end(kind: string) {
            running.delete(transaction);
            const skipped = kind === "skip" && patience === "skips" ? requests[0]?.roomId : undefined;
            if (kind === "fault") return reject(new Error("value too long"));
            if (kind === "break") return reject(new ChatError("unavailable", "unable to write; it is away"));
            const taken = requests.filter(({ roomId }) => roomId !== skipped);
            stored.push(...texts(taken));
            resolve(requests.map(({ roomId }) => (roomId === skipped ? undefined : { ok: true, results: [] })));
          },
        };
        running.add(transaction);
        return promise;
      });
      const asked: Promise<unknown>[] = [];
      let count = 0;
      const acknowledged: string[] = [];
      let step = 0;
      const endOne = () => {
        const { kind, which } = ends[step++ % ends.length] ?? { kind: "end", which: 0 };
        // In the end everything is well.
        [...running][which % Math.max(1, running.size)]?.end(step > 200 ? "end" : kind);
      };
      for (const rooms of rounds) {
        for (const room of rooms) {
          const text = String(count++).padStart(3, "0");
          asked.push(lanes.append(room, [sending(text)]).then(() => acknowledged.push(`${room} ${text}`), () => undefined));
        }
        await turn();
        endOne();
      }
      const all = Promise.all(asked).then(() => "all");
      while ((await Promise.race([all, turn()])) !== "all") endOne();
      expect(acknowledged.toSorted()).toEqual(stored.toSorted());
      for (const room of ["a", "b", "c"]) {
        const own = stored.filter((text) => text.startsWith(room));
        expect(own).toEqual(own.toSorted());
      }
    }),
    { numRuns: 200 },
  );
});
