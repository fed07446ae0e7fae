import { formatOf, type Token } from "@chat-widget/protocol/text";
import { html, nothing } from "lit";
import { richTextStyles } from "../styles/rich-text.styles.js";
import { styleSheet } from "./style-sheet.js";

export { plainTextOf } from "@chat-widget/protocol/text";

let sheet: CSSStyleSheet | undefined;

/** What the templates need to look like. */
export function richTextSheet(): CSSStyleSheet {
  return (sheet ??= styleSheet(richTextStyles));
}

/** A text as it is to be read: elements for its marks, addresses to be followed. Never HTML. */
export function richText(text: string) {
  return formatOf(text).map(drawn);
}

function drawn(token: Token): unknown {
  switch (token.type) {
    case "text":
      return token.text;
    case "code":
      return html`<code>${token.text}</code>`;
    case "code-block":
      return html`<pre dir="ltr"><code>${token.text}</code></pre>`;
    case "link":
      return html`<a href=${token.href} target="_blank" rel="noopener noreferrer nofollow ugc" referrerpolicy="no-referrer">${token.text}</a>${
        token.host === undefined ? nothing : html` <bdi class="host">(${token.host})</bdi>`
      }`;
    case "list":
      return token.start === undefined ? html`<ul>${token.tokens.map(drawn)}</ul>` : html`<ol start=${token.start}>${token.tokens.map(drawn)}</ol>`;
    default: {
      const inside = token.tokens.map(drawn);
      return {
        strong: () => html`<strong>${inside}</strong>`,
        em: () => html`<em>${inside}</em>`,
        strike: () => html`<s>${inside}</s>`,
        quote: () => html`<blockquote>${inside}</blockquote>`,
        item: () => html`<li dir="auto">${inside}</li>`,
      }[token.type]();
    }
  }
}
