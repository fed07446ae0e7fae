/** The round button in the corner; shared with the loader, which shows it before the rest is there. */
export const launcherStyles = `
:host { display: contents; }
:host([hidden]) { display: none; }
:host([mode="inline"]) { display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1fr); block-size: var(--chat-height, 32rem); min-inline-size: 0; }
:host([mode="inline"][hidden]) { display: none; }
*, ::before, ::after { box-sizing: border-box; }
.panel, .launcher { all: initial; box-sizing: border-box; color-scheme: inherit; direction: inherit; visibility: inherit; }
.launcher {
  position: fixed;
  z-index: var(--chat-z-index, 1000);
  inset-block-end: calc(var(--chat-offset, 20px) + env(safe-area-inset-bottom, 0px));
  inset-inline-end: calc(var(--chat-offset, 20px) + env(safe-area-inset-right, 0px));
  display: grid;
  place-items: center;
  inline-size: var(--chat-launcher-size, 56px);
  block-size: var(--chat-launcher-size, 56px);
  margin: 0;
  padding: 0;
  border: 0;
  border-radius: 50%;
  background: var(--_accent);
  color: var(--_on-accent);
  font: 600 12px/1 var(--chat-font, system-ui, sans-serif);
  cursor: pointer;
  box-shadow: 0 1px 2px rgb(0 0 0 / 0.12), 0 6px 20px -4px rgb(0 0 0 / 0.28);
  transition: transform 0.16s, box-shadow 0.16s;
  -webkit-tap-highlight-color: transparent;
}
:host([position="start"]) .launcher {
  inset-inline: calc(var(--chat-offset, 20px) + env(safe-area-inset-left, 0px)) auto;
}
.launcher:hover { transform: translateY(-1px); box-shadow: 0 1px 2px rgb(0 0 0 / 0.12), 0 10px 26px -4px rgb(0 0 0 / 0.34); }
.launcher:active { transform: scale(0.96); }
.launcher:focus-visible { outline: 2px solid var(--_accent); outline-offset: 3px; }
.launcher[aria-busy="true"] { cursor: progress; }
.launcher[aria-busy="true"] svg { animation: wait 0.9s ease-in-out infinite alternate; }
svg { display: block; inline-size: 20px; block-size: 20px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.launcher svg { inline-size: 26px; block-size: 26px; }
@keyframes wait { to { opacity: 0.35; } }
@media (forced-colors: active) { .launcher { border: 2px solid ButtonText; } }
@media (prefers-reduced-motion: reduce) { *, ::before, ::after { animation: none !important; transition: none !important; scroll-behavior: auto !important; } }
`;
