import { type Socket, io } from "socket.io-client";
import { expect, onTestFinished, vi } from "vitest";
import {
  ChatError,
  type ClientToServerEvents,
  type CommandInput,
  type CommandName,
  type CommandOutput,
  ReplyEnvelope,
  RoomEvent,
  type ServerEvent,
  type ServerEventName,
  type ServerToClientEvents,
  SessionReady,
  chatErrorFrom,
  commands,
  serverEvents,
} from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import { Recipient } from "./recipients/recipient.js";

interface ConnectOptions {
  path?: string;
  namespace?: string;
  token?: string;
  guestToken?: string;
  guestName?: string;
  headers?: Record<string, string>;
  transports?: ("polling" | "websocket")[];
  /** In place of a handshake that fits the contract. */
  auth?: object;
  /** Whether the server is one that a test makes say what it must not. */
  isLeaky?: boolean;
}

/** A client that checks all it hears against the contract. */
export class TestClient {
  readonly socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  readonly heard: { name: string; payload: unknown }[] = [];
  readonly ready: SessionReady;

  constructor(socket: TestClient["socket"], heard: TestClient["heard"], ready: SessionReady) {
    this.socket = socket;
    this.heard = heard;
    this.ready = ready;
  }

  /** Asks and gives the data of the answer. @throws {ChatError} */
  async ask<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>> {
    const output: unknown = commands[name].output.parse(await this.askAnything(name, input));
    // The table pairs each name with its output; TypeScript cannot follow a name that is still open.
    return output as CommandOutput<N>;
  }

  /** Asks what the contract does not allow; gives what is not yet read. @throws {ChatError} */
  async askAnything(name: CommandName, input: unknown): Promise<unknown> {
    const untyped: Socket = this.socket;
    const reply = ReplyEnvelope.parse(await untyped.timeout(10_000).emitWithAck(name, input));
    if (!reply.ok) throw new ChatError(reply.error);
    return reply.data;
  }

  /** Sends a message and gives its event. */
  async send(roomId: string, text: string, id = uuidv7()): Promise<RoomEvent> {
    const { event } = await this.ask("message:send", { roomId, id, text });
    return RoomEvent.parse(event);
  }

  /** What was heard by one name. */
  all<N extends ServerEventName>(name: N): ServerEvent<N>[];
  all(name: ServerEventName): unknown[] {
    return this.heard.filter((entry) => entry.name === name).map(({ payload }) => payload);
  }

  /** The events of a room, in the order heard. */
  events(roomId: string): RoomEvent[] {
    return this.all("room:events")
      .filter((run) => run.roomId === roomId)
      .flatMap(({ events }) => events.map((event) => RoomEvent.parse(event)));
  }

  /** Waits until something by this name is heard for which `isIt` holds. */
  hears<N extends ServerEventName>(name: N, isIt: (payload: ServerEvent<N>) => boolean = () => true): Promise<ServerEvent<N>> {
    return vi.waitFor(
      () => {
        const found = this.all(name).find(isIt);
        if (found === undefined) throw new Error(`${name} was not heard`);
        return found;
      },
      { timeout: 10_000, interval: 10 },
    );
  }

  /** Waits until the connection is closed. */
  async ends(): Promise<void> {
    await vi.waitFor(
      () => {
        if (this.socket.connected) throw new Error("the connection is still open");
      },
      { timeout: 10_000, interval: 10 },
    );
  }

  close(): void {
    this.socket.disconnect();
  }
}

/** Opens a socket without waiting for anything; it ends with the test. */
export function openSocket(origin: string, options: ConnectOptions = {}): TestClient["socket"] {
  const { path = "/chat/socket.io", namespace = "/", headers, transports = ["websocket"], auth, ...handshake } = options;
  const socket: TestClient["socket"] = io(`${origin}${namespace}`, {
    path,
    transports,
    reconnection: false,
    forceNew: true,
    auth: auth ?? { protocol: [1], ...handshake },
    ...(headers && { extraHeaders: headers }),
  });
  onTestFinished(() => void socket.disconnect());
  return socket;
}

/** Connects; rejects with the `ChatError` of a refusal. */
export async function connect(origin: string, options: ConnectOptions = {}): Promise<TestClient> {
  const socket = openSocket(origin, options);
  if (options.isLeaky !== true) expectNothingPrivate(socket, options.namespace);
  const heard: TestClient["heard"] = [];
  const ready = await new Promise<SessionReady>((resolve, reject) => {
    socket.onAny((name: string, payload: unknown) => {
      if (heard.length === 0 && name !== "session:ready") reject(new Error(`the first thing heard is ${name}`));
      heard.push({ name, payload: schemaOf(name).parse(payload) });
      if (name === "session:ready") resolve(SessionReady.parse(payload));
    });
    socket.on("connect_error", (error) => reject("data" in error && error.data !== undefined ? chatErrorFrom(error.data) : error));
  });
  return new TestClient(socket, heard, ready);
}

/** Holds every packet that arrives against the list of what may be sent to this user. */
function expectNothingPrivate({ io: { engine } }: TestClient["socket"], namespace = "/"): void {
  const recipient = new Recipient(undefined, namespace);
  engine.on("packet", ({ type, data }) => void (type === "message" && recipient.hears(String(data))));
  engine.on("packetCreate", ({ type, data }) => void (type === "message" && recipient.says(String(data))));
  onTestFinished(() => expect(recipient.faults).toEqual([]));
}

const schemas = new Map<string, { parse(payload: unknown): unknown }>(Object.entries(serverEvents));

function schemaOf(name: string): { parse(payload: unknown): unknown } {
  const schema = schemas.get(name);
  if (schema === undefined) throw new Error(`the server says ${name}, which the contract does not know`);
  return schema;
}

/** The error a promise is refused with. */
export async function refusalOf(asked: Promise<unknown>): Promise<ChatError> {
  const outcome = await asked.then(
    () => "it was done",
    (error: unknown) => error,
  );
  if (ChatError.is(outcome)) return outcome;
  throw new Error("expected a ChatError", { cause: outcome });
}
