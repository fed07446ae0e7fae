import type { ClientSnapshot, RoomSnapshot } from "@chat-widget/client";
import type { Permission, User } from "@chat-widget/protocol";
import type { Translation } from "../i18n/translation.js";

/** The whole of the chat at one moment. */
export interface ChatState {
  readonly client: ClientSnapshot;
  readonly room: RoomSnapshot;
}

/** Reads what is marked in a text. */
export interface TextFormat {
  /** As templates. */
  readonly richText: (text: string) => unknown;
  /** Without the marks. */
  readonly plainTextOf: (text: string) => string;
  /** The styles of the templates. */
  readonly richTextSheet: () => CSSStyleSheet;
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
  /** Missing until a message needs it; texts are then shown as they were typed. */
  readonly format: TextFormat | undefined;
}

/** The next view; the one before when nothing in it has changed, so that a message is drawn once. */
export function sameOr(previous: View | undefined, next: View): View {
  const isSame =
    previous !== undefined &&
    previous.words === next.words &&
    previous.lang === next.lang &&
    previous.user === next.user &&
    previous.format === next.format &&
    previous.permissions.join() === next.permissions.join();
  return isSame ? previous : next;
}
