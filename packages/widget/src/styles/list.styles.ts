/** The conversation: days, groups, bubbles, and what hangs on them. */
export const listStyles = `
chat-widget-list { position: relative; display: flex; flex: 1; flex-direction: column; min-block-size: 0; }
.scroller { display: flex; flex: 1; flex-direction: column-reverse; min-block-size: 0; overflow: hidden auto; overscroll-behavior: contain; overflow-anchor: none; scrollbar-width: thin; scrollbar-color: var(--_border) transparent; }
.feed { margin-block-end: auto; padding: 12px 12px 16px; }
.older { padding: 8px; color: var(--_muted); font-size: 0.8334em; text-align: center; }
.day, .unread-line { display: flex; justify-content: center; align-items: center; gap: 10px; margin-block: 16px 10px; color: var(--_muted); font-size: 0.8em; font-weight: 550; }
.day span { display: inline-block; }
.day span::first-letter { text-transform: uppercase; }
.unread-line { color: var(--_accent); }
.unread-line::before, .unread-line::after { content: ""; flex: 1; block-size: 1px; background: currentColor; opacity: 0.4; }
.item { position: relative; display: grid; grid-template-columns: 28px minmax(0, 1fr); column-gap: 8px; padding-block-start: 2px; border-radius: 10px; }
.item[data-start] { margin-block-start: 12px; }
[data-start] > chat-widget-actions { inset-block-start: -8px; }
.item:focus-visible { outline-offset: 1px; }
.item .avatar { grid-row: 1 / 3; align-self: start; margin-block-start: 1px; }
.byline { grid-column: 2; display: flex; align-items: baseline; gap: 6px; min-inline-size: 0; margin-block-end: 3px; padding-inline: 2px; font-size: 0.8334em; line-height: 1.3; }
.name { overflow: hidden; font-weight: 600; text-overflow: ellipsis; white-space: nowrap; }
time { flex: none; color: var(--_muted); font-variant-numeric: tabular-nums; }
.line { grid-column: 2; display: flex; flex-direction: column; align-items: flex-start; min-inline-size: 0; }
.bubble { position: relative; max-inline-size: min(100%, 34em); padding: 8px 12px; border-radius: 6px 16px 16px 6px; background: var(--_bubble); transition: opacity 0.16s; }
:dir(rtl) > .bubble { border-radius: 16px 6px 6px 16px; }
[data-start] .bubble { border-start-start-radius: 16px; }
[data-end] .bubble { border-end-start-radius: 16px; }
.text { overflow-wrap: anywhere; white-space: pre-wrap; }
.note { margin-inline-start: 6px; color: var(--_muted); font-size: 0.8em; white-space: nowrap; }
[data-emoji] .bubble { padding: 2px 0; background: none; }
[data-emoji] .text { font-size: 2.3em; line-height: 1.2; }
[data-deleted] .bubble { border: 1px solid var(--_border); background: none; color: var(--_muted); font-size: 0.9334em; padding-block: 6px; }
[data-own] { grid-template-columns: minmax(0, 1fr); padding-inline-start: 36px; }
[data-own] > * { grid-column: 1; }
[data-own] .byline { justify-content: flex-end; }
[data-own] .line { align-items: flex-end; }
[data-own] .bubble { border-radius: 16px 6px 6px 16px; background: var(--_own); }
:dir(rtl)[data-own] .bubble { border-radius: 6px 16px 16px 6px; }
[data-own][data-start] .bubble { border-start-end-radius: 16px; }
[data-own][data-end] .bubble { border-end-end-radius: 16px; }
[data-own] .note, [data-own] .quote > :last-child { color: color-mix(in srgb, var(--_text) 80%, transparent); }
[data-own][data-emoji] .bubble, [data-own][data-deleted] .bubble { background: none; }
[data-state="pending"] .bubble { opacity: 0.72; }
[data-state="streaming"] .text::after { content: "●" / ""; margin-inline-start: 0.25em; font-size: 0.75em; color: var(--_muted); }
[data-state="failed"] .bubble { box-shadow: inset 0 0 0 1.5px var(--_danger); }
.failure { display: flex; flex-wrap: wrap; justify-content: flex-end; align-items: center; gap: 2px 8px; margin-block-start: 4px; color: var(--_danger); font-size: 0.8334em; text-align: end; }
.quote { display: block; inline-size: 100%; margin-block-end: 5px; padding-block: 2px; padding-inline: 9px 0; border: 0; border-inline-start: 3px solid var(--_accent); border-radius: 2px; background: none; font-size: 0.8667em; line-height: 1.35; text-align: start; }
.quote > span { display: block; overflow: hidden; text-align: match-parent; text-overflow: ellipsis; white-space: nowrap; }
.quote > :first-child { font-weight: 600; }
.quote > :last-child { color: var(--_muted); }
.reactions { display: flex; flex-wrap: wrap; gap: 4px; margin-block: 4px 6px; }
.reaction { min-block-size: 26px; padding: 1px 8px; border: 1px solid var(--_border); border-radius: 13px; background: var(--_surface); font-size: 0.8667em; line-height: 1.3; font-variant-numeric: tabular-nums; }
.reaction:hover { border-color: var(--_muted); }
.reaction[aria-pressed="true"] { border-color: var(--_accent); background: var(--_own); }
.to-end { position: absolute; z-index: 1; inset-block-end: 8px; inset-inline: 0; display: flex; align-items: center; gap: 6px; inline-size: fit-content; margin-inline: auto; min-block-size: 34px; padding-block: 6px; padding-inline: 10px 14px; border: 1px solid var(--_border); border-radius: 18px; background: var(--_raised); box-shadow: 0 6px 18px -6px rgb(0 0 0 / 0.25); font-size: 0.8667em; font-weight: 600; animation: appear 0.14s both; }
.to-end.bare { padding: 6px 7px; }
.item[data-new] { animation: arrive 0.16s ease-out both; }
@keyframes arrive { from { opacity: 0; transform: translateY(8px); } }
.skeleton { display: flex; flex: 1; flex-direction: column; justify-content: flex-end; gap: 12px; padding: 16px; }
.skeleton i { inline-size: 62%; block-size: 36px; border-radius: 16px; background: var(--_bubble); animation: pulse 1.2s ease-in-out infinite alternate; }
.skeleton i:nth-child(3n + 1) { inline-size: 46%; }
.skeleton i:nth-child(even) { align-self: flex-end; inline-size: 54%; }
@keyframes pulse { to { opacity: 0.45; } }
@media (pointer: coarse) { .reaction { min-block-size: 32px; padding-inline: 10px; } }
`;
