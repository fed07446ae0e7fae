import { createChatClient, type ChatClient, type ClientStorage, type Room } from "@chat-widget/client";
import type { ChatError } from "@chat-widget/protocol";
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { chatErrorOf } from "./chat-error-of.js";
import type { Intent } from "./intents.js";
import type { ChatState } from "./parts/view.js";
import { serverUrl } from "./server-url.js";

/** Where the element has its chat from. */
export interface ChatSource {
  readonly server: string | null | undefined;
  readonly room: string;
  readonly guestName: string | undefined;
  readonly getToken: (() => string | Promise<string>) | undefined;
  readonly storage: ClientStorage | undefined;
  /** A client of the page's own; it is used and not closed. */
  readonly client: ChatClient | undefined;
}

type Changed = (previous: ChatState | undefined, next: ChatState) => void;

/** Holds client and room for as long as the element is in the document. The only one here who knows the client. */
export class ChatController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #changed: Changed;
  #source: ChatSource | undefined;
  #client: ChatClient | undefined;
  #room: Room | undefined;
  #unsubscribe: (() => void)[] = [];
  #state: ChatState | undefined;
  #problem: ChatError | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, changed: Changed) {
    this.#host = host;
    this.#changed = changed;
    host.addController(this);
  }

  get state(): ChatState | undefined {
    return this.#state;
  }

  /** Why there is no chat: a wrong attribute, or a server that will not have us. */
  get problem(): ChatError | undefined {
    const { client, room } = this.#state ?? {};
    return this.#problem ?? (client?.status === "refused" ? client.error : undefined) ?? (room?.phase === "failed" ? room.error : undefined);
  }

  get room(): Room | undefined {
    return this.#room;
  }

  /** What a user is called, as far as it is known here. */
  readonly nameOf = (userId: string): string | undefined => {
    const { room } = this.#state ?? {};
    return (room?.presence.users.find(({ id }) => id === userId) ?? room?.messages.findLast(({ author }) => author.id === userId)?.author)?.name;
  };

  /** Asks the client for what an intent wants; the promise, if there is one, tells how it went. */
  ask(intent: Intent): Promise<unknown> | undefined {
    const room = this.#room;
    switch (intent.type) {
      case "typing":
        room?.setTyping(intent.isTyping);
        break;
      case "react":
        return room?.react(intent.messageId, intent.emoji, intent.on);
      case "delete":
        return room?.delete(intent.messageId);
      case "retry":
        room?.retry(intent.commandId);
        break;
      case "discard":
        room?.discard(intent.commandId);
        break;
      case "load-older":
        // What could not be loaded is offered again where it is missing.
        void room?.loadOlder();
        break;
      case "rename":
        return intent.name === undefined ? undefined : this.#client?.rename(intent.name);
    }
    return undefined;
  }

  /** Connects, or goes over to another source. Asking for the same again does nothing. */
  want(source: ChatSource): void {
    const old = this.#source;
    const isSameServer = old !== undefined && old.server === source.server && old.client === source.client;
    if (isSameServer && old.room === source.room) return;
    this.#leaveRoom();
    if (!isSameServer) this.#closeClient();
    this.#source = source;
    this.#enter(source);
  }

  /** Forgets everything and begins anew. */
  restart(): void {
    const source = this.#source;
    this.#forget();
    if (source === undefined) return;
    source.client?.connect();
    this.want(source);
  }

  hostConnected(): void {
    // One that was taken away and put back wants its chat again.
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    // An element that is only moved is back by then.
    queueMicrotask(() => {
      if (!this.#host.isConnected) this.#forget();
    });
  }

  #forget(): void {
    this.#leaveRoom();
    this.#closeClient();
    this.#source = undefined;
  }

  #enter(source: ChatSource): void {
    this.#problem = undefined;
    try {
      this.#client ??= source.client ?? createClient(source);
      this.#room = this.#client.room(source.room);
      const update = () => this.#update();
      this.#unsubscribe = [this.#client.subscribe(update), this.#room.subscribe(update)];
      this.#update();
    } catch (error) {
      this.#problem = chatErrorOf(error, "open the chat");
      this.#host.requestUpdate();
    }
  }

  #update(): void {
    const [client, room] = [this.#client?.getSnapshot(), this.#room?.getSnapshot()];
    const previous = this.#state;
    if (client === undefined || room === undefined || (client === previous?.client && room === previous.room)) return;
    const next = { client, room };
    this.#state = next;
    this.#changed(previous, next);
    this.#host.requestUpdate();
  }

  #leaveRoom(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#unsubscribe = [];
    this.#room?.release();
    this.#room = undefined;
    this.#state = undefined;
  }

  #closeClient(): void {
    if (this.#source?.client === undefined) void this.#client?.close();
    this.#client = undefined;
  }
}

function createClient({ server, guestName, getToken, storage }: ChatSource): ChatClient {
  const url = serverUrl(server, document.baseURI);
  return createChatClient({ url, ...(guestName !== undefined && { guestName }), ...(getToken !== undefined && { getToken }), ...(storage !== undefined && { storage }) });
}
