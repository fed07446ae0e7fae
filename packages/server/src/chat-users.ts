import { ChatError, UserId } from "@chat-widget/protocol";
import type { Erased } from "./privacy/erased.js";
import type { UserKeeper } from "./privacy/user-keeper.js";
import type { UserDatum } from "./privacy/user-datum.js";

/** The users of a chat in the hands of the application, for what the law gives them. All methods throw a `ChatError`. */
export interface ChatUsers {
  /**
   * Everything that is kept of a user, and of the guests they were before they signed in: messages with their later texts,
   * reactions, memberships, read positions, uploads, reports, a ban. It looks through all rooms; no more than a page of it is held at a time.
   */
  export(userId: string): AsyncIterable<UserDatum>;
  /**
   * Erases a user, and the guests they were: ends their sessions, deletes their messages on every screen, takes back their
   * reactions, removes their uploads and their words in reports, takes them out of rooms, and their name and picture out of what is left. `by` is who is told to have deleted
   * the messages: the user, or a name of your own such as `"support"`. Resolves when it is done; a server that ends before
   * is followed by one that goes on with it, and asked again it does what is left.
   *
   * Refuse them in `authenticate` first, or they may just come back.
   */
  erase(userId: string, options: { by: string }): Promise<Erased>;
}

/** Gives the application the users of a chat. `keeper` is whoever knows them while there is a store. */
export function createChatUsers(keeper: () => Promise<Pick<UserKeeper, "export" | "erase">>): ChatUsers {
  return {
    async *export(userId) {
      yield* (await keeper()).export(checked("export", userId));
    },
    async erase(userId, { by }) {
      const [user, name] = [checked("erase", userId), checked("erase in the name of", by)];
      return (await keeper()).erase(user, name);
    },
  };
}

function checked(what: string, userId: string): string {
  const parsed = UserId.safeParse(userId);
  if (!parsed.success) throw new ChatError("invalid", `unable to ${what} a user; this is not the id of one`);
  return parsed.data;
}
