/** What is marked in a message. */
export const richTextStyles = `
.text a { color: inherit; text-decoration-color: color-mix(in srgb, currentColor 45%, transparent); text-underline-offset: 2px; unicode-bidi: isolate; }
.text a:hover { text-decoration-color: currentColor; }
.text:has(pre, ul, ol, blockquote) { display: block; }
.text :is(pre, ul, ol, blockquote) { margin: 5px 0; white-space: pre-wrap; }
.text :is(ul, ol) { padding-inline-start: 1.6em; }
.text li { text-align: match-parent; }
.text blockquote { padding-inline-start: 9px; border-inline-start: 3px solid color-mix(in srgb, currentColor 30%, transparent); }
.text :is(code, pre) { border-radius: 5px; background: color-mix(in srgb, var(--_text) 8%, transparent); font: 0.88em/1.45 ui-monospace, monospace; }
.text code { padding: 1px 4px; unicode-bidi: isolate; }
.text pre { padding: 8px 10px; }
.text pre code { padding: 0; background: none; font-size: 1em; }
.host { color: color-mix(in srgb, currentColor 80%, transparent); }
`;
