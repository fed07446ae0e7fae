import { en } from "./en.js";
import type { Translation } from "./translation.js";

/** The languages that come with the widget, besides English; each is fetched when a page asks for it. */
const languages: Readonly<Record<string, () => Promise<Translation>>> = {
  de: async () => (await import("./de.js")).de,
};

/** The words of a language; English for one that is not known. */
export async function translationOf(lang: string): Promise<Translation> {
  const [language = ""] = lang.toLowerCase().split("-");
  return Object.hasOwn(languages, language) ? ((await languages[language]?.()) ?? en) : en;
}

/** A tag that `Intl` takes: the given one, or English when it is not one. */
export function localeOf(lang: string): string {
  try {
    return Intl.getCanonicalLocales(lang)[0] ?? "en";
  } catch {
    return "en";
  }
}
