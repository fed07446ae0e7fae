import type { RoomMessage } from "@chat-widget/client";

/** What someone wants inside the widget; it rises from the part they touched to the element, which knows how. */
export type Intent =
  | { readonly type: "submit"; readonly text: string }
  | { readonly type: "typing"; readonly isTyping: boolean }
  | { readonly type: "reply" | "edit"; readonly message: RoomMessage }
  | { readonly type: "edit-last" | "cancel-target" | "load-older" | "read" | "restart" | "close" | "toggle" | "rename-open" }
  | { readonly type: "react"; readonly messageId: string; readonly emoji: string; readonly on: boolean }
  /** A guest's new name; without one they keep the old. */
  | { readonly type: "rename"; readonly name: string | undefined }
  | { readonly type: "delete"; readonly messageId: string }
  | { readonly type: "retry" | "discard"; readonly commandId: string }
  /** A failed message that would fail again as it is: its words go back into the box. */
  | { readonly type: "rewrite"; readonly message: RoomMessage; readonly commandId: string }
  /** A part could not be fetched. */
  | { readonly type: "fail"; readonly cause: unknown }
  /** A word to someone who cannot see what just happened. */
  | { readonly type: "say"; readonly text: string };

/** Carries an {@link Intent} up to the widget's shadow root and no further. Prevented when it was not done. */
export class IntentEvent extends Event {
  readonly intent: Intent;

  constructor(intent: Intent) {
    super("chat-intent", { bubbles: true, cancelable: true });
    this.intent = intent;
  }
}

/** A listener that raises an intent from where it was made. */
export function raise(intent: Intent): (event: Event) => void {
  return ({ target }) => target?.dispatchEvent(new IntentEvent(intent));
}
