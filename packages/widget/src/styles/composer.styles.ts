/** The box one writes in, and the lines above it. */
export const composerStyles = `
.typing { flex: none; min-block-size: 20px; padding-inline: 16px; overflow: hidden; color: var(--_muted); font-size: 0.8em; line-height: 20px; text-overflow: ellipsis; white-space: nowrap; }
.guest { display: flex; flex: none; flex-wrap: wrap; align-items: center; gap: 4px; padding: 0 16px 6px; color: var(--_muted); font-size: 0.8667em; }
chat-widget-composer { display: block; flex: none; padding: 0 12px 12px; }
.cannot { margin: 0; padding: 10px 12px; border-radius: 12px; background: var(--_bubble); color: var(--_muted); font-size: 0.9334em; text-align: center; }
.field { display: grid; grid-template-columns: minmax(0, 1fr) auto; border: 1px solid var(--_border); border-radius: 16px; background: var(--_surface); transition: border-color 0.12s, box-shadow 0.12s; }
.field:has(textarea:focus-visible) { border-color: var(--_accent); box-shadow: 0 0 0 1px var(--_accent); }
textarea { min-inline-size: 0; min-block-size: 44px; max-block-size: 9.5em; margin: 0; padding-block: 11px; padding-inline: 14px 4px; border: 0; background: none; color: inherit; font: inherit; line-height: 1.4; resize: none; overflow-y: auto; scrollbar-width: thin; }
textarea:focus-visible { outline: none; }
textarea::placeholder { color: var(--_muted); opacity: 1; }
.send { align-self: end; inline-size: 34px; block-size: 34px; margin: 4px; border-radius: 12px; background: var(--_accent); color: var(--_on-accent); transition: background 0.12s; }
.send:hover { background: var(--_accent); color: var(--_on-accent); filter: brightness(1.08); }
.send[aria-disabled="true"] { background: none; color: var(--_muted); cursor: default; filter: none; }
.target { grid-column: 1 / -1; display: flex; align-items: center; gap: 8px; padding-block: 8px 0; padding-inline: 14px 4px; }
.target .quote { flex: 1; min-inline-size: 0; margin: 0; }
.count { grid-column: 1 / -1; padding: 0 14px 8px; color: var(--_muted); font-size: 0.8em; font-variant-numeric: tabular-nums; }
.count[data-over] { color: var(--_danger); font-weight: 600; }
@media (max-width: 479.98px) { textarea { font-size: max(16px, 1em); } }
@media (pointer: coarse) { .send { inline-size: 44px; block-size: 44px; margin: 0; } }
@media (forced-colors: active) { .field:focus-within { outline: 2px solid Highlight; } }
`;
