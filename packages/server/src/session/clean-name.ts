/** Controls, line separators, marks that turn the direction of text, and characters that take no room. */
const unwanted = /[\p{Cc}\p{Cs}\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\u3164\uFEFF\uFFA0\u{E0000}-\u{E007F}]/gu;
/** Anything a reader would see; U+2800 is a blank that counts as a symbol. */
const visible = /[^\s\p{Default_Ignorable_Code_Point}\u2800]/u;

/** A display name as others may see it, at most `length` UTF-16 code units; empty when nothing of it can be seen. */
export function cleanName(name: string, length: number): string {
  const clean = name.toWellFormed().normalize("NFC").replaceAll(unwanted, "").replaceAll(/\s+/g, " ").trim();
  if (!visible.test(clean)) return "";
  if (clean.length <= length) return clean;
  // Cut between characters as a person sees them, never inside one.
  let cut = "";
  for (const { segment } of new Intl.Segmenter().segment(clean)) {
    if (cut.length + segment.length > length) break;
    cut += segment;
  }
  return cut.trim();
}
