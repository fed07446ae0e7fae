/** Colour by role: in a light page, in a dark one. The dark ones are chosen, not inverted: raised things are lighter. */
const colours = {
  accent: ["#17635c", "#63c7b8"],
  "on-accent": ["#ffffff", "#06211d"],
  surface: ["#ffffff", "#16181c"],
  raised: ["#ffffff", "#23262c"],
  text: ["#191c21", "#e9ebee"],
  muted: ["#5b626d", "#9ba2ae"],
  border: ["#e2e4e8", "#2c3037"],
  bubble: ["#f1f2f4", "#23262c"],
  danger: ["#b3261e", "#ff9a90"],
} as const;

const properties = Object.entries(colours).map(([role, [light, dark]]) => `--_${role}:var(--chat-${role},light-dark(${light},${dark}));`);

/** The colours, as private properties that stand in for the public `--chat-*` ones. */
export const tokens = `
:host{${properties.join("")}}
:host([theme=dark]){color-scheme:dark}
:host([theme=light]){color-scheme:light}`;
