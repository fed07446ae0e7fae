import type { Message } from "@chat-widget/protocol";
import type { ThreadHost } from "./thread.js";
import type { Thread } from "./thread-snapshot.js";

/** What a room does with code that is fetched when it is first used. */
export abstract class FetchedFeatures {
  protected abstract readonly host: ThreadHost;

  async thread(rootId: string): Promise<Thread> {
    const { ThreadEngine } = await import("./thread.js");
    return new ThreadEngine(rootId, this.host);
  }

  async pin(messageId: string, on: boolean): Promise<void> {
    await (await import("./message-commands.js")).pin(this.host, messageId, on);
  }

  async pinned(): Promise<Message[]> {
    return (await import("./message-commands.js")).readPins(this.host);
  }
}
