/** The ground everything stands on: panel, header, buttons, banners. */
export const panelStyles = `
.panel {
  position: relative;
  display: flex;
  flex-direction: column;
  inline-size: 100%;
  block-size: 100%;
  max-inline-size: none;
  max-block-size: none;
  margin: 0;
  padding: 0;
  overflow: hidden;
  border: 1px solid var(--_border);
  border-radius: var(--chat-radius, 18px);
  background: var(--_surface);
  color: var(--_text);
  font: 400 var(--chat-font-size, 15px)/1.42 var(--chat-font, system-ui, sans-serif);
  text-align: start;
  --_own: var(--chat-bubble-own, light-dark(oklch(from var(--_accent) 0.935 calc(c * 0.42) h), oklch(from var(--_accent) 0.35 calc(c * 0.5) h)));
}
[hidden] { display: none !important; }
dialog.panel {
  position: fixed;
  z-index: var(--chat-z-index, 1000);
  inset: auto;
  inset-block-end: calc(var(--chat-offset, 20px) + var(--chat-launcher-size, 56px) + 14px + env(safe-area-inset-bottom, 0px));
  inset-inline-end: calc(var(--chat-offset, 20px) + env(safe-area-inset-right, 0px));
  inline-size: min(var(--chat-width, 384px), 100vw - 2 * var(--chat-offset, 20px));
  block-size: min(var(--chat-height, 640px), 100dvh - var(--chat-launcher-size, 56px) - 2 * var(--chat-offset, 20px) - 14px);
  border-color: color-mix(in srgb, var(--_border) 80%, transparent);
  box-shadow: 0 2px 6px rgb(0 0 0 / 0.06), 0 18px 48px -12px rgb(0 0 0 / 0.26);
  transform-origin: 100% 100%;
  transition: opacity 0.16s ease-out, transform 0.18s cubic-bezier(0.2, 0.9, 0.3, 1), display 0.18s allow-discrete, overlay 0.18s allow-discrete;
}
dialog.panel::backdrop { background: none; }
dialog.panel:not([open]) { display: none; opacity: 0; transform: translateY(10px) scale(0.97); }
@starting-style { dialog.panel[open] { opacity: 0; transform: translateY(10px) scale(0.97); } }
:host([position="start"]) dialog.panel {
  inset-inline: calc(var(--chat-offset, 20px) + env(safe-area-inset-left, 0px)) auto;
  transform-origin: 0 100%;
}
dialog.panel:dir(rtl) { transform-origin: 0 100%; }
:host([position="start"]) dialog.panel:dir(rtl) { transform-origin: 100% 100%; }

button { font: inherit; color: inherit; cursor: pointer; -webkit-tap-highlight-color: transparent; }
:focus { outline: none; }
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
.icon { display: grid; place-items: center; flex: none; inline-size: 36px; block-size: 36px; padding: 0; border: 0; border-radius: 10px; background: none; color: var(--_muted); }
.icon:hover { background: color-mix(in srgb, var(--_text) 8%, transparent); color: var(--_text); }
.text-button { min-block-size: 24px; padding: 2px 4px; border: 0; border-radius: 6px; background: none; color: var(--_accent); font-weight: 600; }
.text-button:hover { text-decoration: underline; text-underline-offset: 3px; }
.solid { min-block-size: 36px; padding: 6px 16px; border: 0; border-radius: 10px; background: var(--_accent); color: var(--_on-accent); font-weight: 600; }
.sr { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.header { display: flex; align-items: center; gap: 8px; flex: none; min-block-size: 60px; padding-block: 8px; padding-inline: 16px 12px; border-block-end: 1px solid var(--_border); }
.about { flex: 1; min-inline-size: 0; }
.heading { margin: 0; overflow: hidden; font-size: 1.0667em; font-weight: 650; line-height: 1.3; letter-spacing: -0.008em; text-overflow: ellipsis; white-space: nowrap; }
.heading:focus { outline: none; }
.status { display: flex; align-items: center; gap: 6px; color: var(--_muted); font-size: 0.8334em; line-height: 1.35; }
.status::before { content: ""; flex: none; border: 3.5px solid var(--_muted); border-radius: 50%; }
.status[data-status="online"]::before { border-color: var(--_accent); }
.people { padding-inline-end: 9px; display: flex; flex: none; flex-direction: row-reverse; }
.people .avatar { inline-size: 26px; block-size: 26px; margin-inline-end: -5px; font-size: 10px; box-shadow: 0 0 0 2px var(--_surface); }
.avatar {
  display: grid; place-items: center; flex: none; inline-size: 28px; block-size: 28px; overflow: hidden; border-radius: 50%;
  background: light-dark(oklch(0.91 0.045 var(--_hue)), oklch(0.37 0.05 var(--_hue))); color: light-dark(oklch(0.4 0.085 var(--_hue)), oklch(0.9 0.045 var(--_hue)));
  font-size: 11px; font-weight: 650; line-height: 1; letter-spacing: 0.01em; user-select: none;
}
.avatar > * { grid-area: 1 / 1; }
.avatar img { inline-size: 100%; block-size: 100%; object-fit: cover; }

.banner { position: absolute; z-index: 2; inset-block-start: 68px; inset-inline: 12px; display: flex; align-items: center; gap: 8px; inline-size: fit-content; max-inline-size: calc(100% - 24px); margin-inline: auto; padding: 6px 12px; border: 1px solid var(--_border); border-radius: 12px; background: var(--_raised); box-shadow: 0 6px 18px -6px rgb(0 0 0 / 0.2); font-size: 0.8667em; animation: appear 0.16s 0.6s both; }
.banner[data-now] { animation-delay: 0s; }
@keyframes appear { from { opacity: 0; transform: translateY(-4px); } }

.blank { display: flex; flex: 1; flex-direction: column; align-items: center; justify-content: center; gap: 4px; min-block-size: 0; padding: 24px; overflow: auto; color: var(--_muted); text-align: center; overflow-wrap: anywhere; }
.blank h3 { margin: 0; color: var(--_text); font-size: 1em; font-weight: 650; }
.blank p { margin: 0; }
.blank .solid { margin-block-start: 12px; }
details { margin-block-start: 16px; max-inline-size: 100%; font-size: 0.8334em; }
summary { min-block-size: 24px; cursor: pointer; }
details code { display: block; padding: 8px 10px; border-radius: 8px; background: var(--_bubble); font: 12px/1.5 ui-monospace, monospace; text-align: start; }

.badge { position: absolute; inset-block-start: -2px; inset-inline-end: -2px; min-inline-size: 8px; padding: 4px 6px; border: 2px solid var(--_surface); box-sizing: content-box; border-radius: 20px; background: var(--_danger); color: var(--_surface); font-variant-numeric: tabular-nums; line-height: 12px; text-align: center; animation: appear 0.16s both; }
@media (forced-colors: active) { .badge, .bubble, .avatar { border: 1px solid; } .reaction[aria-pressed="true"] { border-color: Highlight; outline: 1px solid Highlight; } }

@media (max-width: 479.98px) {
  .panel { font-size: var(--chat-font-size, 16px); }
  dialog.panel { inset: var(--_viewport-top, 0) 0 auto; inline-size: 100%; block-size: var(--_viewport-height, 100dvh); border: 0; border-radius: 0; padding: env(safe-area-inset-top, 0px) 0 env(safe-area-inset-bottom, 0px); }
  :host([position="start"]) dialog.panel { inset-inline: 0; }
  :host([open]) dialog + .launcher { display: none; }
}
@media (max-height: 360px) { .guest, .typing, .status { display: none; } .header { min-block-size: 0; padding-block: 2px; } }
@media (pointer: coarse) { .icon { inline-size: 44px; block-size: 44px; } .solid, .text-button { min-block-size: 44px; } }
`;
