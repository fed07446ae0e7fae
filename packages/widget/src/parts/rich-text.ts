import { html } from "lit";
import { tokensOf } from "../text/tokens.js";

/** A text as it was typed, its addresses to be followed. Never HTML. */
export function richText(text: string) {
  return tokensOf(text).map((token) =>
    token.type === "text"
      ? token.text
      : html`<a href=${token.href} target="_blank" rel="noopener noreferrer nofollow ugc" referrerpolicy="no-referrer">${token.text}</a>`,
  );
}
