import type { Message, RoomEvent } from "@chat-widget/protocol";
import type { Append, Appended, ChatStore } from "../chat-store.js";
import { eventOf, sending } from "./drafts.js";

/** A store under test, and how to open what it kept once more. */
export interface StoreUnderTest {
  store: ChatStore;
  /** Closes it and opens the same again; missing where nothing outlives the process. */
  reopen?(): Promise<ChatStore>;
  /** Removes what the test left. */
  cleanUp?(): Promise<void>;
}

/** The store of the running test, with short ways to use it. */
export class Subject {
  readonly #create: () => Promise<StoreUnderTest>;
  #underTest: StoreUnderTest | undefined;
  #reopened: ChatStore | undefined;

  constructor(create: () => Promise<StoreUnderTest>) {
    this.#create = create;
  }

  get store(): ChatStore {
    const store = this.#reopened ?? this.#underTest?.store;
    if (store === undefined) throw new Error("no test runs");
    return store;
  }

  async setUp(): Promise<void> {
    this.#underTest = await this.#create();
    await this.store.open();
  }

  async tearDown(): Promise<void> {
    await this.store.close();
    await this.#underTest?.cleanUp?.();
    this.#underTest = this.#reopened = undefined;
  }

  /** False where nothing outlives the process. */
  async reopen(): Promise<boolean> {
    this.#reopened = await this.#underTest?.reopen?.();
    return this.#reopened !== undefined;
  }

  async append(roomId: string, append: Append): Promise<Appended | undefined> {
    return (await this.store.append(roomId, [append]))[0];
  }

  async send(roomId: string, text: string): Promise<RoomEvent> {
    return eventOf(await this.append(roomId, sending(text)));
  }

  /** Sends what a page is asked of later: "1", "2" and so on. */
  async sendNumbers(roomId: string, count: number): Promise<void> {
    await this.store.append(roomId, Array.from({ length: count }, (_, index) => sending(`${index + 1}`)));
  }

  async log(roomId: string): Promise<RoomEvent[]> {
    const read = await this.store.eventsAfter(roomId, 0, 100_000);
    if (read.kind !== "events") throw new Error("the log was trimmed");
    return read.events;
  }

  async places(roomId: string): Promise<number[]> {
    return (await this.log(roomId)).map(({ seq }) => seq);
  }

  async newest(roomId: string): Promise<Message[]> {
    return (await this.store.messages(roomId, { limit: 1_000 })).messages;
  }
}
