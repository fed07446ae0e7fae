import { expect, it, onTestFinished, vi } from "vitest";
import { meetPages } from "./meet-pages.js";

/** Two pages of one origin, as two parts of this one. */
function two() {
  const name = `pages ${Math.random()}`;
  const heard: unknown[] = [];
  const [first, second] = [meetPages(name, (news) => heard.push(["first", news])), meetPages(name, (news) => heard.push(["second", news]))];
  onTestFinished(() => {
    first.leave();
    second.leave();
  });
  return { name, first, second, heard };
}

it("tells the others, not oneself, and nobody who left", async () => {
  const { name, first, second, heard } = two();
  first.tell("one");
  await expect.poll(() => heard).toEqual([["second", "one"]]);
  second.tell("two");
  await expect.poll(() => heard.length).toBe(2);
  expect(heard[1]).toEqual(["first", "two"]);
  second.leave();
  first.tell("three");
  const third = new BroadcastChannel(name);
  onTestFinished(() => third.close());
  third.postMessage("four");
  await expect.poll(() => heard.length).toBe(3);
  expect(heard[2]).toEqual(["first", "four"]);
});

it("lets one run after the other", async () => {
  const { first, second } = two();
  const done: string[] = [];
  let finish = () => {};
  const one = first.inTurn(async () => {
    done.push("one begins");
    await new Promise<void>((resolve) => (finish = resolve));
    done.push("one ends");
  });
  await expect.poll(() => done.length).toBe(1);
  const other = second.inTurn(async () => void done.push("two"));
  finish();
  await Promise.all([one, other]);
  expect(done).toEqual(["one begins", "one ends", "two"]);
});

it("does not wait for ever for a page that is frozen in its turn", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { first, second } = two();
  await new Promise<void>((begun) => void first.inTurn(() => (begun(), new Promise(() => {}))));
  const done: string[] = [];
  for (const [what, patienceMs] of [["all the same", 10_000], ["and without waiting so long again", 50]] as const) {
    const turn = second.inTurn(async () => void done.push(what));
    await vi.advanceTimersByTimeAsync(patienceMs - 1);
    expect(done).not.toContain(what);
    await vi.advanceTimersByTimeAsync(1);
    await turn;
    expect(done).toContain(what);
  }
});

it("gives the turn back when what was run failed", async () => {
  const { first, second } = two();
  await expect(first.inTurn(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await second.inTurn(async () => "next")).toBe("next");
});
