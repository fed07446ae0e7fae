/** Registers an element unless the name is taken; another copy of the widget may have been first. */
export function defineElement(tag: string, element: CustomElementConstructor): void {
  if (customElements.get(tag) === undefined) customElements.define(tag, element);
}
