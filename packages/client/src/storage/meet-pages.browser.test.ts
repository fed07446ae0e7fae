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

it("gives one a turn after the other", async () => {
  const { first, second } = two();
  const done: string[] = [];
  const end = await first.turn();
  const other = second.turn().then(() => done.push("two begins"));
  await new Promise((resolve) => setTimeout(resolve, 20));
  done.push("one ends");
  end();
  await other;
  expect(done).toEqual(["one ends", "two begins"]);
});

it("does not wait for ever for a page that is frozen in its turn", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { first, second } = two();
  await first.turn();
  const done: string[] = [];
  for (const [what, patienceMs] of [["all the same", 10_000], ["and without waiting so long again", 50]] as const) {
    const turn = second.turn().then(() => done.push(what));
    await vi.advanceTimersByTimeAsync(patienceMs - 1);
    expect(done).not.toContain(what);
    await vi.advanceTimersByTimeAsync(1);
    await turn;
    expect(done).toContain(what);
  }
});

it("ends a turn that was given for some time only", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { first, second } = two();
  await first.turn(5_000);
  const done: string[] = [];
  const turn = second.turn().then(() => done.push("second"));
  await vi.advanceTimersByTimeAsync(4_999);
  expect(done).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  await turn;
  expect(done).toEqual(["second"]);
});
