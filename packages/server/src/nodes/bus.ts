import { randomUUID } from "node:crypto";
import type { Clock, Timer } from "../clock.js";
import { Envelope, NodeMessage } from "./node-message.js";

/** What others learn in no other way, or not soon enough. */
const neededAlways: ReadonlySet<NodeMessage["kind"]> = new Set(["probe", "records", "disconnect", "goodbye"]);

/** What carries envelopes between nodes. */
export interface Wire {
  /** May throw; promises nothing else. */
  send(envelope: Envelope): void;
  /** Calls back with whatever other nodes sent. */
  listen(listener: (raw: unknown) => void): void;
  close(): void;
}

/** Messages in one envelope. */
const envelopeSize = 256;
/** How often a quiet bus speaks. */
const quietMs = 500;

interface BusOptions {
  wire: Wire;
  epoch: string;
  clock: Clock;
  hear(nodeId: string, number: number, messages: readonly NodeMessage[]): void;
  /** Something went wrong that is tried again or done without. */
  complain(what: string, error: unknown): void;
}

/** Speaks to the other nodes: what is said in one turn of the event loop travels together, and what arrives is checked. */
export class Bus {
  readonly nodeId: string = randomUUID();
  readonly #options: BusOptions;
  #waiting: NodeMessage[] = [];
  #flush: NodeJS.Immediate | undefined;
  #quietFlush: Timer | undefined;
  #number = 0;
  #isQuiet = false;
  #isClosed = false;

  constructor(options: BusOptions) {
    this.#options = options;
    options.wire.listen((raw) => this.#receive(raw));
  }

  tell(message: NodeMessage): void {
    if (this.#isClosed) return;
    this.#waiting.push(message);
    if (this.#isQuiet) this.#quietFlush ??= this.#options.clock.setTimeout(() => this.flush(), quietMs);
    else this.#flush ??= setImmediate(() => this.flush());
  }

  /** While nobody seems to listen, little is said and seldom: a client of a broker that is away keeps everything in memory. */
  set isQuiet(isQuiet: boolean) {
    this.#isQuiet = isQuiet;
  }

  /** Sends what waits now. */
  flush(): void {
    clearImmediate(this.#flush);
    if (this.#quietFlush !== undefined) this.#options.clock.clearTimeout(this.#quietFlush);
    this.#flush = this.#quietFlush = undefined;
    const messages = this.#isQuiet ? inBrief(this.#waiting) : this.#waiting;
    this.#waiting = [];
    for (let start = 0; start < messages.length; start += envelopeSize) this.#send(messages.slice(start, start + envelopeSize));
  }

  close(): void {
    this.flush();
    this.#isClosed = true;
    this.#options.wire.close();
  }

  #send(messages: NodeMessage[]): void {
    const { wire, epoch, complain } = this.#options;
    this.#number += 1;
    try {
      wire.send({ version: 1, nodeId: this.nodeId, number: this.#number, epoch, messages });
    } catch (error) {
      complain("unable to speak to the other nodes; they read the store instead", error);
    }
  }

  #receive(raw: unknown): void {
    const { epoch, hear, complain } = this.#options;
    const envelope = Envelope.safeParse(raw);
    if (!envelope.success) return complain("ignored what another node said; it speaks another version", envelope.error);
    const { nodeId, number, messages } = envelope.data;
    if (nodeId === this.nodeId) return;
    if (envelope.data.epoch !== epoch) return complain("ignored a node with another store; the nodes of one chat must share theirs", undefined);
    const understood = messages.map((message) => NodeMessage.safeParse(message)).flatMap(({ data }) => (data === undefined ? [] : [data]));
    try {
      hear(nodeId, number, understood);
    } catch (error) {
      complain("unable to do what another node said", error);
    }
  }
}

/** What others cannot do without: where logs end in place of their events, whom to disconnect, and that this node is here, from which they see what else to ask for. */
function inBrief(messages: readonly NodeMessage[]): NodeMessage[] {
  const heads = new Map<string, number>();
  for (const message of messages) {
    if (message.kind === "events") heads.set(message.roomId, Math.max(heads.get(message.roomId) ?? 0, ...message.events.map(({ seq }) => seq)));
  }
  const rest = messages.filter(({ kind }) => neededAlways.has(kind));
  return heads.size === 0 ? rest : [...rest, { kind: "heads", heads: [...heads].map(([roomId, seq]) => ({ roomId, seq })) }];
}
