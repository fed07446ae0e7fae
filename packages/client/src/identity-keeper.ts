import { Identity, type Handshake } from "@chat-widget/protocol";
import type { Settings } from "./options.js";

/** Who we are to the server: told by it, shown to it the next time, and kept over a reload for guests. */
export class IdentityKeeper {
  readonly #settings: Pick<Settings, "server" | "getToken" | "guestName" | "storage">;
  #identity: Identity | undefined;
  #restored: Promise<void> | undefined;

  constructor(settings: Pick<Settings, "server" | "getToken" | "guestName" | "storage">) {
    this.#settings = settings;
  }

  get user(): Identity["user"] | undefined {
    return this.#identity?.user;
  }

  /** Reads what was kept, once. Only guests are kept: who has an account proves it anew. */
  restore(): Promise<void> {
    return (this.#restored ??= this.#read());
  }

  async credentials(): Promise<Pick<Handshake, "token" | "guestToken" | "guestName">> {
    await this.restore();
    const { getToken, guestName } = this.#settings;
    const token = await getToken?.();
    const guestToken = this.#identity?.guestToken;
    return {
      ...(token && { token }),
      ...(guestToken !== undefined ? { guestToken } : guestName && { guestName }),
    };
  }

  learn({ user, guestToken }: Identity): void {
    this.#identity = { user, ...(guestToken !== undefined && { guestToken }) };
    const { storage } = this.#settings;
    if (guestToken !== undefined) void storage.set(this.#key, this.#identity);
  }

  get #key(): string {
    return `identity ${this.#settings.server}`;
  }

  async #read(): Promise<void> {
    const kept = Identity.safeParse(await this.#settings.storage.get(this.#key));
    if (kept.success && this.#identity === undefined) this.#identity = kept.data;
  }
}
