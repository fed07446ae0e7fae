/**
 * Every word the widget says, in one language. What depends on a number or a name is a function.
 *
 * Names are given ready to be put into a sentence of the other direction. Overrides of a page are a part of this.
 */
export interface Translation {
  /** What the chat is called when the page gives no `heading`. */
  readonly chat: string;
  readonly open: string;
  readonly close: string;
  readonly unread: (count: number) => string;

  readonly connecting: string;
  readonly here: (count: number) => string;
  readonly reconnecting: string;
  readonly offline: string;
  /** The first connection does not come about. */
  readonly unreachable: string;
  readonly online: string;

  readonly messages: string;
  readonly loadingOlder: string;
  readonly olderMissing: string;
  readonly firstUnread: string;
  readonly newMessages: (count: number) => string;
  readonly toNewest: string;
  readonly emptyTitle: string;
  readonly emptyText: string;
  /** "Ann said: hello", as it is read aloud. */
  readonly said: (name: string, text: string) => string;

  readonly you: string;
  /** A person whose name is not known here. */
  readonly someone: string;
  readonly edited: string;
  readonly deleted: string;
  readonly sending: string;
  readonly failed: string;
  readonly retry: string;
  readonly discard: string;
  /** A quoted message that is not at hand. */
  readonly earlierMessage: string;

  readonly write: string;
  readonly send: string;
  readonly save: string;
  readonly cancel: string;
  readonly replyingTo: (name: string) => string;
  readonly replyingToSelf: string;
  readonly editing: string;
  readonly left: (count: number) => string;
  readonly tooLong: (count: number) => string;
  readonly cannotSend: string;
  /** Who is typing: some names, and how many there are in all. */
  readonly typing: (names: readonly string[], count: number) => string;

  readonly youAppearAs: (name: string) => string;
  readonly change: string;
  readonly yourName: string;

  readonly actions: string;
  readonly react: string;
  readonly anyEmoji: string;
  readonly reply: string;
  readonly copy: string;
  readonly copied: string;
  readonly edit: string;
  readonly delete: string;
  readonly deleteQuestion: string;

  readonly unavailable: string;
  readonly tryAgain: string;
  readonly details: string;
  /** Why something did not work, by the code of the error; `internal` serves for a code without words. */
  readonly errors: Readonly<Record<string, string>> & { readonly internal: string };
}
