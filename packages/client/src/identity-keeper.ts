import { Identity, type Handshake } from "@chat-widget/protocol";
import type { Settings } from "./options.js";

type Needs = Pick<Settings, "server" | "getToken" | "guestName" | "storage">;

/** How long the other pages of somebody new wait at most for the server to name the guest. */
const patienceMs = 5_000;

/** Who we are to the server: told by it, shown to it the next time, and kept over a reload for guests. */
export class IdentityKeeper {
  readonly #settings: Needs;
  #endTurn: (() => void) | undefined;
  #user: Identity["user"] | undefined;
  #guestToken: string | undefined;
  #lastAccount: string | undefined;
  #restored: Promise<void> | undefined;

  constructor(settings: Needs) {
    this.#settings = settings;
  }

  get user(): Identity["user"] | undefined {
    return this.#user;
  }

  /** The id of the account that was here last, unless a guest was. Whoever is here now may be somebody else. */
  get lastAccount(): string | undefined {
    return this.#lastAccount;
  }

  /** Reads what was kept, once. Of guests everything is kept; who has an account proves it anew. */
  restore(): Promise<void> {
    return (this.#restored ??= this.#read());
  }

  async credentials(): Promise<Pick<Handshake, "token" | "guestToken" | "guestName">> {
    await this.restore();
    const { getToken, guestName } = this.#settings;
    const token = await getToken?.();
    const isNew = () => this.#user === undefined && this.#lastAccount === undefined;
    if (!token && isNew()) {
      await this.#takeTurn();
      await this.#read();
      if (!isNew()) this.#endTurn?.();
    }
    return {
      ...(token && { token }),
      ...(this.#guestToken !== undefined ? { guestToken: this.#guestToken } : guestName && { guestName }),
    };
  }

  learn({ user, guestToken }: Identity): void {
    this.#user = user;
    this.#guestToken = guestToken;
    const { storage } = this.#settings;
    // The guest of before is an account now, this one or another, and nobody's to go on as.
    if (user.formerIds !== undefined) void storage.delete(this.#key("identity"));
    const kept =
      guestToken === undefined
        ? storage.set(this.#key("account"), user.id)
        : Promise.all([storage.set(this.#key("identity"), { user, guestToken }), storage.delete(this.#key("account"))]);
    void kept.finally(() => this.#endTurn?.());
  }

  /** The pages of somebody new ask one after another, so that all but the first can say who the first became. */
  async #takeTurn(): Promise<void> {
    this.#endTurn?.();
    // Pages that cannot meet become guests of their own.
    const siblings = await this.#settings.storage.meet?.(this.#key("identity"), () => {}).catch(() => undefined);
    this.#endTurn = await siblings?.turn(patienceMs);
    siblings?.leave();
  }

  #key(name: string): string {
    return `${name} ${this.#settings.server}`;
  }

  async #read(): Promise<void> {
    const { storage } = this.#settings;
    const [identity, account] = await Promise.all([storage.get(this.#key("identity")), storage.get(this.#key("account"))]);
    if (this.#user !== undefined) return;
    const guest = Identity.safeParse(identity);
    if (guest.success) this.#guestToken = guest.data.guestToken;
    if (typeof account === "string") this.#lastAccount = account;
    else if (guest.success) this.#user = guest.data.user;
  }
}
