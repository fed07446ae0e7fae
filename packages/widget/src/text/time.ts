const dayMs = 86_400_000;

const startOfDay = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** Whether two moments fall on the same day where the reader is. */
export function isSameDay(one: number, other: number): boolean {
  return startOfDay(one) === startOfDay(other);
}

// Making a formatter costs more than a hundred uses of it.
const formatters = new Map<string, Intl.DateTimeFormat>();

function format(at: number, lang: string, options: Intl.DateTimeFormatOptions): string {
  const key = lang + Object.entries(options).join();
  let formatter = formatters.get(key);
  if (formatter === undefined) formatters.set(key, (formatter = new Intl.DateTimeFormat(lang, options)));
  return formatter.format(at);
}

/** "10:42", as it is written where the reader is. */
export function timeOf(at: number, lang: string): string {
  return format(at, lang, { hour: "numeric", minute: "2-digit" });
}

/** "today", "yesterday", "Tuesday", "3 March", "3 March 2024": the shortest name that is clear now. */
export function dayOf(at: number, lang: string, now: number): string {
  const daysAgo = Math.round((startOfDay(now) - startOfDay(at)) / dayMs);
  if (daysAgo === 0 || daysAgo === 1) return new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(-daysAgo, "day");
  if (daysAgo > 1 && daysAgo < 7) return format(at, lang, { weekday: "long" });
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format(at, lang, { day: "numeric", month: "long", ...(!isThisYear && { year: "numeric" }) });
}
