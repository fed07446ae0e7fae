import type { Profile } from "@chat-widget/protocol";
import { html, nothing } from "lit";
import { hueOf, initialsOf } from "../text/person.js";

/** The picture of a person over their initials, which stay when it does not load. */
export function avatar(person: Profile) {
  const { id, name, avatarUrl } = person;
  // Assigning `style` goes through the CSSOM, which a strict policy allows; a style attribute it would not.
  return html`<span class="avatar" part="avatar" aria-hidden="true" .style=${`--_hue:${hueOf(id)}`}
    ><span>${initialsOf(name)}</span>${
      avatarUrl === undefined ? nothing : html`<img src=${avatarUrl} alt="" loading="lazy" referrerpolicy="no-referrer" @error=${removeBroken} />`
    }</span
  >`;
}

function removeBroken({ currentTarget }: Event): void {
  if (currentTarget instanceof HTMLImageElement) currentTarget.hidden = true;
}
