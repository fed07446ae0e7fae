import type { ChatRoom } from "../chat-room.js";
import type { Clock } from "../clock.js";
import type { Logger, Report } from "../logger.js";
import type { ModerationDesk } from "../moderation/desk.js";
import type { Tell } from "../nodes/node-message.js";
import type { Rooms } from "../rooms/rooms.js";
import type { IdentityRecords } from "../session/identity-records.js";
import type { ChatStore } from "../stores/chat-store.js";
import type { Uploads } from "../uploads/uploads.js";
import { UserErasure } from "./erase-user.js";
import type { Erased } from "./erased.js";
import { Erasures } from "./erasures.js";
import { exportUser } from "./export-user.js";
import type { UserDatum } from "./user-datum.js";

interface UserKeeperOptions {
  store: ChatStore;
  identities: IdentityRecords;
  uploads: Uploads | undefined;
  desk: ModerationDesk;
  rooms: Rooms;
  room: (roomId: string) => ChatRoom;
  tell: Tell;
  clock: Clock;
  logger: Logger;
  report: Report;
  /** Takes nobody for a user any more who was made sure of before, and ends their connections everywhere. */
  revoke: (userId: string, before: number) => Promise<void>;
}

/** Exports and erases the users of a chat whose store is open. */
export class UserKeeper {
  readonly #options: UserKeeperOptions;
  readonly #erasures: Erasures;

  constructor(options: UserKeeperOptions) {
    const { rooms, tell } = options;
    const forget = (userId: string): void => {
      rooms.forgetUser(userId);
      tell({ kind: "erased", userId });
    };
    const isClosed = (): boolean => this.#erasures.isClosed;
    this.#options = options;
    this.#erasures = new Erasures({ ...options, erasure: (userIds, by) => new UserErasure({ ...options, forget, isClosed }, userIds, by) });
  }

  export(userId: string): AsyncIterable<UserDatum> {
    return exportUser(this.#options, userId);
  }

  erase(userId: string, by: string): Promise<Erased> {
    return this.#erasures.erase(userId, by);
  }

  close(): Promise<void> {
    return this.#erasures.close();
  }
}
