import type * as z from "zod/mini";
import { createChatClient, type ChatClient, type ChatError, type ClientStorage, type Room, type RoomMessage } from "@chat-widget/client";
import { systemClock } from "../../../packages/client/src/clock.ts";
import { webSocketTransport } from "../../../packages/client/src/transport/web-socket-transport.ts";
import { contentDigest, eventOfCommand } from "../history/digest.ts";
import { observedTransport } from "./observed-transport.ts";
import { noFaults, type TransportFaults } from "./push-faults.ts";
import type { Participant, ParticipantState, Place } from "./participant.ts";
import { Screen } from "./screen.ts";
import { writeShape } from "./wire-shapes.ts";
import { Workload } from "./workload.ts";

const silent = { warn: () => {}, error: () => {} };

/** One person at one page of ours: asks, looks, and notes what is asked and seen. */
export class ChatUser implements Participant {
  readonly name: string;
  readonly faults: TransportFaults = { ...noFaults };
  readonly #options: Place;
  readonly #workload: Workload;
  readonly #asked = new Set<string>();
  #client: ChatClient;
  #rooms: Room[];
  #screens: Screen[];
  #open = 0;

  constructor(options: Place) {
    this.name = options.name;
    this.#options = options;
    this.#workload = new Workload(this, options.random, options.life);
    this.#client = this.#createClient();
    this.#rooms = options.rooms.map((room) => this.#client.room(room));
    this.#screens = this.#createScreens();
  }

  get rooms(): readonly Room[] {
    return this.#rooms;
  }

  act(): void {
    this.#workload.act();
  }

  send(room: Room, text: string, replyTo?: string): void {
    const done = room.send({ text, ...(replyTo !== undefined && { replyTo }) });
    // Seen at once, whether or not it is kept.
    const line = room.getSnapshot().messages.findLast((message) => message.text === text && message.isMine);
    if (line !== undefined) this.#ask(room.id, line.id, { type: "message.sent", text });
    this.#follow(room.id, line?.id, done);
  }

  /** Asks a change of a message; which id it has is seen when the engine keeps it. */
  change(room: Room, target: RoomMessage, run: () => Promise<void>): void {
    this.#screens.find((screen) => screen.room === room)?.hide(target.id);
    const before = this.#asked.size;
    const done = run();
    this.#follow(room.id, this.#asked.size > before ? [...this.#asked].at(-1) : undefined, done);
  }

  /** Notes what changed on the screens. */
  look(): void {
    for (const screen of this.#screens) screen.look();
  }

  /** The page is thrown away and opened again: only the storage is left. */
  async reload(): Promise<void> {
    this.look();
    await this.#client.close();
    this.#client = this.#createClient();
    this.#rooms = this.#options.rooms.map((room) => this.#client.room(room));
    this.#screens = this.#createScreens();
  }

  /** How far it is: what each screen shows, and what is still open. */
  state(): ParticipantState {
    return { open: this.#open, kept: this.#options.storage.kept("outbox").length, screens: this.#screens.map((screen) => screen.state()) };
  }

  /** Notes everything each screen shows, all history loaded first if so wished. */
  async finish(isWhole: boolean): Promise<void> {
    for (const screen of this.#screens) {
      await screen.opened();
      if (isWhole) await loadAll(screen.room);
      screen.finish();
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #createClient(): ChatClient {
    const { origin, userId, note, random, storage: shared } = this.#options;
    const storage: ClientStorage = {
      ...shared,
      // What another tab asked is adopted, and shows before it is confirmed.
      list: async (prefix) => {
        const values = await shared.list(prefix);
        for (const value of values) this.#hide(writeOf(value)?.input);
        return values;
      },
      set: (key, value) => {
        this.#keeping(value);
        return shared.set(key, value);
      },
    };
    const inner = webSocketTransport({ origin, path: "/chat/socket.io", namespace: "/" }, systemClock);
    const transport = observedTransport(inner, { note, random, faults: this.faults });
    return createChatClient({ url: `${origin}/chat`, getToken: () => userId, transport, storage, random, logger: silent });
  }

  #createScreens(): Screen[] {
    const kept = this.#options.storage.kept("outbox").flatMap((value) => writeOf(value)?.input.messageId ?? []);
    return this.#rooms.map((room) => new Screen(room, this.#options.note, kept));
  }

  #hide(input: { roomId: string; messageId?: string | undefined } | undefined): void {
    if (input?.messageId === undefined) return;
    this.#screens.find(({ room }) => room.id === input.roomId)?.hide(input.messageId);
  }

  /** A command is about to be kept: the earliest moment at which its id is known. */
  #keeping(value: unknown): void {
    const write = writeOf(value);
    if (write === undefined) return;
    const { name, input } = write;
    this.#ask(input.roomId, input.id, { type: eventOfCommand[name] ?? name, ...input });
  }

  #ask(room: string, id: string, content: Parameters<typeof contentDigest>[0]): void {
    if (this.#asked.has(id)) return;
    this.#asked.add(id);
    this.#options.note({ kind: "ask", room, id, type: content.type, digest: contentDigest(content) });
  }

  #follow(room: string, id: string | undefined, done: Promise<unknown>): void {
    const client = this.#client;
    this.#open += 1;
    void done
      .then(
        () => id !== undefined && this.#options.note({ kind: "done", room, id }),
        // Whoever leaves the page is not told.
        (error: ChatError) => id !== undefined && client === this.#client && this.#options.note({ kind: "fail", room, id, code: error.code }),
      )
      .finally(() => (this.#open -= 1));
  }
}

/** The command in something that is kept, if there is one. */
function writeOf(value: unknown): z.infer<typeof writeShape> | undefined {
  const write = typeof value === "object" && value !== null && "write" in value ? writeShape.safeParse(value.write) : undefined;
  return write?.success === true ? write.data : undefined;
}

async function loadAll(room: Room): Promise<void> {
  while (room.getSnapshot().hasOlder) {
    await room.loadOlder();
    // Without a connection it gives up at once, and the connection needs its turn to come back.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
