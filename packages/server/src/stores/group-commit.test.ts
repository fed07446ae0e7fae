import { expect, it } from "vitest";
import { sending } from "./contract/drafts.js";
import { GroupCommit } from "./group-commit.js";
import type { AppendOutcome } from "./room-draft.js";

const request = (roomId: string) => ({ roomId, appends: [sending(roomId)] });
const move = (userId: string) => ({ roomId: "room", userId, seq: 1 });

/** A group whose commits end when the test says so. */
function makeGroup() {
  const commits: { rooms: string[]; users: string[]; end(outcome?: AppendOutcome): void; fail(): void }[] = [];
  const group = new GroupCommit((appends, moves) => {
    const { promise, resolve, reject } = Promise.withResolvers<AppendOutcome[]>();
    commits.push({
      rooms: appends.map(({ roomId }) => roomId),
      users: moves.map(({ userId }) => userId),
      end: (outcome = { ok: true, results: [] }) => resolve(appends.map(() => outcome)),
      fail: () => reject(new Error("the disk is gone")),
    });
    return promise;
  });
  return { group, commits };
}

const turn = () => new Promise(setImmediate);

it("commits at once what is asked in one turn, and then what was asked meanwhile", async () => {
  const { group, commits } = makeGroup();
  const first = [group.append(request("a")), group.append(request("b")), group.move(move("ann"))];
  await turn();
  expect(commits).toMatchObject([{ rooms: ["a", "b"], users: ["ann"] }]);
  const second = [group.append(request("c"))];
  await turn();
  second.push(group.append(request("d")));
  await turn();
  expect(commits).toHaveLength(1);
  commits[0]?.end();
  await Promise.all(first);
  await turn();
  expect(commits.slice(1)).toMatchObject([{ rooms: ["c", "d"], users: [] }]);
  commits[1]?.end();
  await Promise.all(second);
});

it.each([0, 1, 2, 3, 4, 5])("forgets nothing that is asked %i microtasks after a commit", async (microtasks) => {
  const { group, commits } = makeGroup();
  const chain = async (left: number): Promise<string> => {
    await group.append(request(`${left}`));
    for (let n = 0; n < microtasks; n++) await undefined;
    return left > 0 ? chain(left - 1) : "done";
  };
  const done = chain(5);
  for (let turns = 0; turns < 50; turns++) {
    await turn();
    commits.at(-1)?.end();
  }
  expect(await Promise.race([done, turn().then(() => "stuck")])).toBe("done");
});

it("tells everyone what became of theirs", async () => {
  const { group, commits } = makeGroup();
  const refused = group.append(request("a"));
  await turn();
  commits[0]?.end({ ok: false, error: { code: "not-found", message: "unable to append", retry: "no" } });
  await expect(refused).rejects.toMatchObject({ name: "ChatError", code: "not-found" });
  const lost = [group.append(request("a")), group.move(move("ann"))];
  await turn();
  commits[1]?.fail();
  for (const result of await Promise.allSettled(lost)) expect(result).toMatchObject({ status: "rejected", reason: { message: "the disk is gone" } });
});

it("is settled when nothing waits", async () => {
  const { group, commits } = makeGroup();
  await group.settled();
  let isSettled = false;
  void group.append(request("a"));
  void group.settled().then(() => (isSettled = true));
  await turn();
  void group.append(request("b"));
  commits[0]?.end();
  await turn();
  expect([isSettled, commits.length]).toEqual([false, 2]);
  commits[1]?.end();
  await turn();
  expect(isSettled).toBe(true);
});
