import type { RoomSnapshot } from "@chat-widget/client";
import { html, nothing } from "lit";
import { isolated } from "../text/person.js";
import type { View } from "./view.js";

/** Who is typing; keeps its place while nobody is. Not announced: it changes too often. */
export function typingLine(room: RoomSnapshot | undefined, { words }: View) {
  const count = room?.typingCount ?? 0;
  const names = room?.typing.map(({ name }) => isolated(name)) ?? [];
  return html`<div class="typing" part="typing" dir="auto">${count > 0 ? words.typing(names, count) : nothing}</div>`;
}
