import { Child } from "../processes/child.mjs";
import { machineCpuMs } from "../report/machine.mjs";
import { contestants } from "./contestants.mjs";

/** A contestant with its server and its senders, all connected. */
export class Entrant {
  rounds = [];
  #server;
  #load;
  #rooms;

  static async enter({ contestant, kind, place, senders, rooms, execArgv }) {
    const entrant = new Entrant();
    entrant.#rooms = Array.from({ length: rooms }, (_, number) => `room-${number}`);
    entrant.#server = await Child.start(new URL("server.mjs", import.meta.url), { contestant, kind, place }, execArgv);
    const port = await entrant.#server.ask("port");
    entrant.#load = await Child.start(new URL("load.mjs", import.meta.url), { port, dialect: contestants[contestant].dialect, senders, rooms });
    return entrant;
  }

  /** Lets all senders send for some seconds and measures. */
  async run(seconds) {
    const [server, load, machine] = await this.#used();
    const sent = await this.#load.ask("send", { seconds });
    const [serverAfter, loadAfter, machineAfter] = await this.#used();
    const share = (ms) => Number((ms / sent.ms).toFixed(2));
    const [serverMs, loadMs] = [serverAfter - server, loadAfter - load];
    return { ...sent, cores: { server: share(serverMs), load: share(loadMs), elsewhere: share(Math.max(0, machineAfter - machine - serverMs - loadMs)) } };
  }

  async round(seconds) {
    this.rounds.push(await this.run(seconds));
  }

  /** Compares what was acknowledged with what is stored. */
  async check() {
    const [acknowledged, stored] = await Promise.all([this.#load.ask("acknowledged"), this.#server.ask("stored", this.#rooms)]);
    const times = new Map();
    for (const id of stored) times.set(id, (times.get(id) ?? 0) + 1);
    const found = acknowledged.map((id) => times.get(id) ?? 0);
    return { acknowledged: acknowledged.length, stored: stored.length, lost: found.filter((count) => count === 0).length, doubled: found.filter((count) => count > 1).length };
  }

  async leave() {
    await this.#load.end();
    await this.#server.end();
  }

  /** Processor time of the server, the senders and the whole machine, in milliseconds. */
  #used() {
    return Promise.all([this.#server.ask("cpu"), this.#load.ask("cpu"), machineCpuMs()]);
  }
}
