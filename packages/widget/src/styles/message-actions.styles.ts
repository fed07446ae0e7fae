/** The bar over a message, its emoji and its menu. */
export const messageActionsStyles = `
chat-widget-actions { position: absolute; z-index: 3; inset-block-start: -25px; inset-inline-end: 4px; max-inline-size: calc(100% - 8px); }
[data-own] chat-widget-actions { inset-inline: 4px auto; }
.bar, .menu { display: flex; border: 1px solid var(--_border); border-radius: 12px; background: var(--_raised); box-shadow: 0 1px 2px rgb(0 0 0 / 0.06), 0 6px 18px -6px rgb(0 0 0 / 0.22); animation: appear 0.12s both; }
.bar { flex-wrap: wrap; padding: 2px; }
.bar .icon { inline-size: 30px; block-size: 28px; border-radius: 9px; }
.bar .icon svg { inline-size: 17px; block-size: 17px; }
.emoji { font-size: 17px; line-height: 1; color: var(--_text); }
.menu { position: absolute; inset-block-start: calc(100% + 4px); inset-inline-end: 0; flex-direction: column; min-inline-size: 176px; padding: 4px; }
[data-own] .menu { inset-inline: 0 auto; }
.menu.above { inset-block: auto calc(100% + 4px); }
.menu p { margin: 0; padding: 6px 10px; font-weight: 600; white-space: nowrap; }
.entry { display: flex; align-items: center; gap: 10px; min-block-size: 34px; padding: 6px 10px; border: 0; border-radius: 8px; background: none; text-align: start; font-size: 0.9334em; white-space: nowrap; }
.entry:hover, .entry:focus-visible { background: color-mix(in srgb, var(--_text) 8%, transparent); }
.entry svg { inline-size: 17px; block-size: 17px; color: var(--_muted); }
.entry.danger, .entry.danger svg { color: var(--_danger); }
.any { inline-size: 44px; margin: 0; padding: 0 4px; border: 0; border-radius: 9px; background: color-mix(in srgb, var(--_text) 8%, transparent); color: inherit; font: inherit; font-size: 16px; text-align: center; }
@media (pointer: coarse) { .bar .icon, .any { inline-size: 44px; block-size: 44px; } .entry { min-block-size: 44px; } chat-widget-actions { inset-block-start: -38px; } }
@media (forced-colors: active) { .entry:focus-visible { outline: 2px solid Highlight; } }
`;
