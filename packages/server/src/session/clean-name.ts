import { DisplayName } from "@chat-widget/protocol";

/** Characters that take no room, with which one name can be made to look like another; joiners stay, scripts and emoji need them. */
const unseen = /[\u115F\u1160\u180E\u200B\u2060-\u2065\u3164\uFEFF\uFFA0\u{E0000}-\u{E007F}]/gu;

/** A display name as others may see it, at most `length` UTF-16 code units; empty when nothing of it can be seen. */
export function cleanName(name: string, length: number): string {
  const { data: clean = "" } = DisplayName.safeParse(name.normalize("NFC").replaceAll(unseen, ""));
  if (clean.length <= length) return clean;
  // Cut between characters as a person sees them, never inside one.
  let cut = "";
  for (const { segment } of new Intl.Segmenter().segment(clean)) {
    if (cut.length + segment.length > length) break;
    cut += segment;
  }
  return cut.trim();
}
