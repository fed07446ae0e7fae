import type { ConnectionStatus, RoomMessage } from "@chat-widget/client";
import type { ChatError } from "@chat-widget/protocol";

/** What a page may hear of the widget: event name → its `detail`. All bubble and leave shadow roots. */
export interface ChatWidgetEvents {
  "chat-open": undefined;
  "chat-close": undefined;
  /** Cancelable; when prevented the text stays in the box. */
  "chat-before-send": { readonly text: string; readonly replyTo: string | undefined };
  /** A message of this visitor is confirmed by the server. */
  "chat-message-sent": { readonly message: RoomMessage };
  /** A message of somebody else, written since the room was opened. */
  "chat-message-received": { readonly message: RoomMessage };
  "chat-status-changed": { readonly status: ConnectionStatus };
  /** What went wrong, for developers: a wrong attribute, a refused connection, a message that could not be sent. */
  "chat-error": { readonly error: ChatError };
  "chat-unread-changed": { readonly count: number };
}

declare global {
  // oxlint-disable-next-line typescript/no-empty-object-type -- merging takes an interface
  interface HTMLElementEventMap extends ChatWidgetEventMap {}
}

/** The same as DOM events. */
export type ChatWidgetEventMap = { [Name in keyof ChatWidgetEvents]: CustomEvent<ChatWidgetEvents[Name]> };

/** Makes one of them. */
export function chatEvent<Name extends keyof ChatWidgetEvents>(name: Name, detail: ChatWidgetEvents[Name]): CustomEvent<ChatWidgetEvents[Name]> {
  return new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: name === "chat-before-send" });
}
