import {
  ChatError,
  ReplyEnvelope,
  coreCommands,
  coreServerEvents,
  defaultLimits,
  supportedProtocolVersions,
  type CommandInput,
  type CommandName,
  type CommandOutput,
  type Commands,
  type CoreCommandName,
  type CoreServerEventName,
  type Handshake,
  type Limits,
  type SessionReady,
} from "@chat-widget/protocol";
import type { ConnectionStatus } from "../client-snapshot.js";
import { Alarm, type Clock } from "../clock.js";
import type { Logger } from "../logger.js";
import type { AnyServerEvent, ServerLink } from "../server-link.js";
import type { Link, Transport } from "../transport/transport.js";
import { backOffMs } from "../back-off.js";
import { hasNoNetwork, watchWakeUp } from "./wake-up.js";

/** What the engine's other parts are told. */
export interface ConnectionListener {
  /** Status, limits or error changed. */
  onChange(): void;
  onReady(session: SessionReady): void;
  /** The session ended, for now. */
  onLost(): void;
  onEvent(event: AnyServerEvent): void;
  /** The server said what not every page understands; nothing of it is checked. */
  onOther(name: string, payload: unknown): void;
}

export interface ConnectionOptions {
  transport: Transport;
  clock: Clock;
  random: () => number;
  logger: Logger;
  /** What to say of ourselves beside the protocol; asked anew at each attempt. */
  credentials(): Promise<Pick<Handshake, "token" | "guestToken" | "guestName">>;
  /** Why the server will not have us, where a browser hides it. */
  askAccess?: (() => Promise<ChatError | undefined>) | undefined;
}

type Contract = Pick<Commands[CommandName], "input" | "output">;
const coreContracts: Readonly<Partial<Record<CommandName, Contract>>> = coreCommands;

/** How long an answer may take. */
const requestTimeoutMs = 8_000;
/** An answer that takes longer raises the question whether anybody is there; with the probe, who is not is left after as long as a request may take. */
const suspiciousMs = 5_000;
/** How long an attempt may take until the session is ready. */
const attemptTimeoutMs = 20_000;
const probeTimeoutMs = 3_000;

/** The session with the server: comes back by itself until it is refused or closed. */
export class Connection implements ServerLink {
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #retry: Alarm;
  readonly #patience: Alarm;
  #status: ConnectionStatus = "idle";
  #link: Link | undefined;
  /** Stands for the present attempt and the connection it becomes; what an earlier one still says is not heard. */
  #attemptKey: object | undefined;
  #session: SessionReady | undefined;
  #limits: Limits = defaultLimits;
  #error: ChatError | undefined;
  #attempts = 0;
  #askedForToken = 0;
  #comeBackAfterMs = 0;
  #stopWatching: (() => void) | undefined;

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.#options = options;
    this.#listener = listener;
    this.#retry = new Alarm(options.clock, () => void this.#attempt());
    this.#patience = new Alarm(options.clock, () => this.#lose(new ChatError("timeout", "unable to connect; the server does not answer")));
  }

  get status(): ConnectionStatus {
    return (this.#status === "reconnecting" || this.#status === "connecting") && hasNoNetwork() ? "offline" : this.#status;
  }

  get error(): ChatError | undefined {
    return this.#error;
  }

  get refusal(): ChatError | undefined {
    return this.#status === "refused" ? this.#error : undefined;
  }

  /** The server's, or the usual ones before it has said. */
  get limits(): Limits {
    return this.#limits;
  }

  /** Whether commands can be asked now. */
  get isReady(): boolean {
    return this.#session !== undefined;
  }

  start(): void {
    if (this.#status !== "idle" && this.#status !== "refused") return;
    this.#askedForToken = 0;
    this.#error = undefined;
    this.#stopWatching = watchWakeUp(
      this.#options.clock,
      () => this.wake(),
      () => {
        this.#listener.onChange();
        // A socket without a network stays open until somebody waits for an answer in vain.
        this.wake();
      },
    );
    this.#setStatus("connecting");
    void this.#attempt();
  }

  close(): void {
    this.#stopWatching?.();
    this.#retry.clear();
    this.#drop();
    this.#setStatus("closed");
  }

  /** The page woke up: is the connection still there? Asks, and if there is no answer soon, connects anew at once. */
  wake(): void {
    if (this.#retry.isSet) {
      this.#retry.clear();
      void this.#attempt();
    } else if (this.#link !== undefined && this.#session !== undefined) this.#probe(this.#link);
  }

  request<N extends CoreCommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>>;
  request<N extends CommandName>(name: N, input: CommandInput<N>, contract: Commands[N]): Promise<CommandOutput<N>>;
  async request(name: CommandName, input: unknown, contract: Contract | undefined = coreContracts[name]): Promise<unknown> {
    const link = this.#link;
    if (link === undefined || this.#session === undefined) throw new ChatError("unavailable", `unable to ask ${name}; not connected`);
    const checked = contract?.input.safeParse(input);
    if (!checked?.success) throw new ChatError("invalid", `unable to ask ${name}; the input does not fit the contract`);
    const suspicion = this.#options.clock.setTimeout(() => this.#probe(link), suspiciousMs);
    let raw: unknown;
    try {
      raw = await link.request(name, checked.data, requestTimeoutMs);
    } catch (cause) {
      throw new ChatError("timeout", `unable to know the outcome of ${name}; no answer came`, { cause });
    } finally {
      this.#options.clock.clearTimeout(suspicion);
    }
    const reply = ReplyEnvelope.safeParse(raw);
    if (reply.success && !reply.data.ok) throw new ChatError(reply.data.error);
    const output = reply.success && reply.data.ok ? contract?.output.safeParse(reply.data.data) : undefined;
    if (!output?.success) throw new ChatError("internal", `unable to read the answer to ${name}; it does not fit the contract`);
    return output.data;
  }

  /** Asks whether somebody is there, and gives the connection up when there is no answer. */
  #probe(link: Link): void {
    // Whatever the answer, it proves that somebody is there; nothing is asked of a room.
    link.request("room:leave", {}, probeTimeoutMs).catch(() => {
      if (link === this.#link) this.#lose(new ChatError("timeout", "unable to stay connected; the server does not answer"));
    });
  }

  async #attempt(): Promise<void> {
    const key = {};
    this.#attemptKey = key;
    const isOver = () => key !== this.#attemptKey;
    this.#patience.reset(attemptTimeoutMs);
    try {
      const handshake = { protocol: [...supportedProtocolVersions], ...(await this.#credentials()) };
      if (isOver()) return;
      const link = this.#options.transport.connect(handshake, {
        onEvent: (name, payload) => isOver() || this.#hear(name, payload),
        onClose: (error) => isOver() || this.#lose(error),
      });
      // It may have ended before it was handed over.
      if (isOver()) link.close();
      else this.#link = link;
    } catch (cause) {
      if (isOver()) return;
      const error = ChatError.is(cause) ? cause : new ChatError("unavailable", "unable to connect; the transport failed", { cause });
      this.#lose(error, false);
    }
  }

  async #credentials(): Promise<Pick<Handshake, "token" | "guestToken" | "guestName">> {
    try {
      return await this.#options.credentials();
    } catch (cause) {
      throw new ChatError("unauthenticated", "unable to connect; getToken failed", { cause });
    }
  }

  #hear(name: string, payload: unknown): void {
    if (!isServerEvent(name)) return this.#session && this.#listener.onOther(name, payload);
    const parsed = coreServerEvents[name].safeParse(payload);
    if (!parsed.success) return this.#options.logger.warn({ name }, "left out what the server said; it does not fit the contract");
    // Name and payload are a pair of the table.
    const event = { name, payload: parsed.data } as AnyServerEvent;
    if (event.name === "session:going-away") this.#comeBackAfterMs = event.payload.retryAfterMs;
    if (event.name === "session:ready") this.#welcome(event.payload);
    else if (this.#session !== undefined) this.#listener.onEvent(event);
  }

  #welcome(session: SessionReady): void {
    this.#patience.clear();
    this.#session = session;
    this.#limits = session.limits;
    this.#error = undefined;
    this.#attempts = 0;
    this.#askedForToken = 0;
    this.#setStatus("online");
    this.#listener.onReady(session);
  }

  /** The connection ended, or an attempt failed: what to do about it is in the error. */
  #lose(error: ChatError, countsAsRefusal = true): void {
    const wasReady = this.#session !== undefined;
    const isFirstFailure = this.#attempts === 0 && !wasReady;
    this.#drop();
    this.#error = error;
    if (!wasReady && countsAsRefusal && (error.retry === "no" || (error.retry === "reauth" && this.#askedForToken++ > 0))) return this.#refuse(error);
    this.#setStatus(this.#status === "connecting" ? "connecting" : "reconnecting");
    if (wasReady) this.#listener.onLost();
    const waitMs = Math.max(backOffMs(this.#attempts++, this.#options.random), this.#comeBackAfterMs, error.retryAfterMs ?? 0);
    this.#comeBackAfterMs = 0;
    this.#retry.reset(waitMs);
    if (isFirstFailure) void this.#askWhy();
  }

  async #askWhy(): Promise<void> {
    const refused = await this.#options.askAccess?.();
    if (refused !== undefined && this.#session === undefined && this.#status !== "closed") this.#refuse(refused);
  }

  #refuse(error: ChatError): void {
    this.#stopWatching?.();
    this.#options.logger.error({ code: error.code }, error.message);
    this.#drop();
    this.#retry.clear();
    this.#error = error;
    this.#setStatus("refused");
  }

  #drop(): void {
    this.#attemptKey = undefined;
    this.#patience.clear();
    this.#link?.close();
    this.#link = undefined;
    this.#session = undefined;
  }

  #setStatus(status: ConnectionStatus): void {
    this.#status = status;
    this.#listener.onChange();
  }
}

function isServerEvent(name: string): name is CoreServerEventName {
  return Object.hasOwn(coreServerEvents, name);
}
