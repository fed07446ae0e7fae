import type { ClientSnapshot, RoomSnapshot } from "@chat-widget/client";
import type { Permission, User } from "@chat-widget/protocol";
import type { Translation } from "../i18n/translation.js";

/** The whole of the chat at one moment. */
export interface ChatState {
  readonly client: ClientSnapshot;
  readonly room: RoomSnapshot;
}

/** What every part must know of the whole. */
export interface View {
  readonly words: Translation;
  /** For `Intl`. */
  readonly lang: string;
  readonly user: User | undefined;
  readonly permissions: readonly Permission[];
  /** What a user is called, as far as it is known here. */
  readonly nameOf: (userId: string) => string | undefined;
}

/** The next view; the one before when nothing in it has changed, so that a message is drawn once. */
export function sameOr(previous: View | undefined, next: View): View {
  const isSame =
    previous !== undefined &&
    previous.words === next.words &&
    previous.lang === next.lang &&
    previous.user === next.user &&
    previous.permissions.join() === next.permissions.join();
  return isSame ? previous : next;
}
