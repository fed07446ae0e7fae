/** Adds the styles of a part that came later to the root it is drawn in, once. */
export function adoptLate(element: Element, sheet: CSSStyleSheet): void {
  const root = element.getRootNode();
  if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}

/** A sheet from its text. */
export function styleSheet(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}
