import { html } from "lit";
import { chatStrokes } from "./chat-strokes.js";

/** The strokes of each picture on a field of 24 by 24. */
const strokes = {
  chat: chatStrokes,
  close: "M6 6l12 12M18 6 6 18",
  down: "M6 9.5l6 6 6-6",
  send: "M12 19V5M5.5 11.5 12 5l6.5 6.5",
} as const;

/** A small picture; never the only name of a button. */
export function icon(name: keyof typeof strokes) {
  return drawing(strokes[name]);
}

/** A picture from strokes of its own. */
export function drawing(path: string) {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${path}></path></svg>`;
}
