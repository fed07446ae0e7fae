import { join } from "node:path";
import { HistoryWriter } from "../history/history.ts";
import { answer, setupOf } from "../processes/answer.ts";
import { randomOf } from "../random.ts";
import { fileStorage, type FileStorage } from "./file-storage.ts";
import type { Participant, Place } from "./participant.ts";
import type { TransportFaults } from "./push-faults.ts";
import type { Person, WorkerSetup } from "./worker-setup.ts";

const lookMs = 300;

/** Fills this process with participants and answers for them. */
export function serveWorker(createParticipant: (place: Place) => Participant): void {
  const { folder, history, life, seed, people } = setupOf<WorkerSetup>();
  const writer = new HistoryWriter(history);
  /** Tabs of one person have one. */
  const storages = new Map<string, FileStorage>();
  const users = people.map((person) => {
    const storage = storages.get(person.userId) ?? fileStorage(join(folder, `storage-${person.userId}.jsonl`));
    storages.set(person.userId, storage);
    const random = randomOf(seed, person.name, life);
    return { person, random, user: createParticipant({ ...person, storage, life, note: writer.of(person.name), random }) };
  });
  answer(tableOf(users));
}

interface User {
  person: Person;
  random: () => number;
  user: Participant;
}

function tableOf(users: readonly User[]) {
  const realNow = Date.now;
  let isActing = false;
  const looking = setInterval(() => users.forEach(({ user }) => user.look()), lookMs);

  // Open loop: people do not wait for the server.
  const next = (one: User): void => {
    const waitMs = (-Math.log(1 - one.random()) / one.person.rate) * 1_000;
    setTimeout(() => {
      if (!isActing) return;
      one.user.act();
      next(one);
    }, waitMs);
  };

  return {
    /** Everybody begins to ask, each at their own pace. */
    start() {
      isActing = true;
      for (const one of users) if (one.person.rate > 0) next(one);
    },
    stop() {
      isActing = false;
    },
    /** Pages are thrown away and opened again. */
    reload: (names: readonly string[]) => Promise.all(users.filter(({ user }) => names.includes(user.name)).map(({ user }) => user.reload())),
    faults({ names, faults }: { names: readonly string[]; faults: Partial<TransportFaults> }) {
      for (const { user } of users) if (names.includes(user.name)) Object.assign(user.faults, faults);
    },
    /** The machine's calendar jumps; its steady clock does not. */
    setCalendar(offsetMs: number) {
      Date.now = () => realNow() + offsetMs;
    },
    state: () => users.map(({ user }) => ({ name: user.name, ...user.state() })),
    /** Notes what everybody's screens show. */
    async finish(isWhole: boolean) {
      clearInterval(looking);
      for (const { user } of users) {
        user.look();
        await user.finish(isWhole);
      }
    },
    async close() {
      isActing = false;
      await Promise.all(users.map(({ user }) => user.close()));
    },
  };
}

/** What a process of clients answers to. */
export type WorkerTable = ReturnType<typeof tableOf>;
