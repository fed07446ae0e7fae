import type { RoomMessage } from "@chat-widget/client";
import type { ChatError } from "@chat-widget/protocol";
import { html, nothing } from "lit";
import { conversation } from "./conversation.js";
import { guestLine } from "./guest-line.js";
import { header } from "./header.js";
import { banner, refusal } from "./trouble.js";
import { typingLine } from "./typing-line.js";
import type { ChatState, View } from "./view.js";

/** The message one writes about: to answer it, or to write it anew. */
export interface Target {
  readonly kind: "reply" | "edit";
  readonly message: RoomMessage;
  /** The new words of an edit that was refused; else those of the message are in the box. */
  readonly text?: string;
}

/** What the panel shows besides the chat itself. */
export interface Panel {
  readonly heading: string;
  readonly canClose: boolean;
  readonly problem: ChatError | undefined;
  /** Something to be seen for a moment. */
  readonly notice: string | undefined;
  readonly roomId: string;
  readonly drafts: Map<string, string>;
  readonly target: Target | undefined;
  readonly unreadFrom: string | undefined;
  readonly isRenaming: boolean;
}

/** Everything inside the panel, from the heading down to the box. */
export function panel(panel: Panel, state: ChatState | undefined, view: View) {
  return html`${header(panel, state, view)} ${banner({ ...state?.client }, panel.notice, view)}
    ${panel.problem === undefined ? chat(panel, state, view) : refusal(panel.problem, view)}
    <slot name="footer"></slot>`;
}

function chat({ roomId, drafts, target, unreadFrom, isRenaming }: Panel, state: ChatState | undefined, view: View) {
  const { client, room } = state ?? {};
  const isReady = room?.phase === "ready";
  const isNewGuest = isReady && view.user?.roles.includes("guest") === true && !room.messages.some(({ isMine }) => isMine);
  return html`${conversation({ ...state }, unreadFrom, view)} ${typingLine(room, view)}
    ${isNewGuest || isRenaming ? guestLine(isRenaming, client?.limits.nameLength ?? 0, view) : nothing}
    <chat-widget-composer
      .view=${view}
      .drafts=${drafts}
      .roomId=${roomId}
      .target=${target}
      .textBytes=${client?.limits.textBytes ?? Infinity}
      .canSend=${!isReady || room.permissions.includes("send")}
    ></chat-widget-composer>`;
}
