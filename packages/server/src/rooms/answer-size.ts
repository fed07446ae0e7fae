import type { MessagePage } from "@chat-widget/protocol";
import type { PageQuery } from "../stores/chat-store.js";

/**
 * Bytes that the messages or events of one answer may have as JSON, unless a single one has more. What does not fit is
 * left to the next answer: a question of fifty bytes must not make one of megabytes, for which a slow reader is cut.
 */
export const answerBytes = 262_144;

/** Messages and events are not changed once they are made, and shared by those who read them: each is measured once. */
const sizes = new WeakMap<object, number>();

/** As many items as fit, without a hole, from a place in the list on towards both its ends; at least one, if there are any. */
export function fitting<T extends object>(items: readonly T[], from: number): T[] {
  let left = answerBytes;
  let [start, end] = [from, from];
  const fits = (item: T | undefined): item is T => item !== undefined && (start === end || sizeOf(item) <= left);
  for (;;) {
    const [older, newer] = [items[start - 1], items[end]];
    if (fits(newer) && (end - from <= from - start || !fits(older))) {
      left -= sizeOf(newer);
      end += 1;
    } else if (fits(older)) {
      left -= sizeOf(older);
      start -= 1;
    } else {
      return items.slice(start, end);
    }
  }
}

/** As much of a page as fits, nearest to the place that was asked for. */
export function fittingPage(page: Omit<MessagePage, "epoch">, { after, around }: PageQuery): Omit<MessagePage, "epoch"> {
  const { asOf, messages: read, hasOlder, hasNewer } = page;
  const edge = after !== undefined ? 0 : around !== undefined ? read.findIndex(({ seq }) => seq >= around) : -1;
  const messages = fitting(read, edge === -1 ? read.length : edge);
  return { asOf, messages, hasOlder: hasOlder || messages[0] !== read[0], hasNewer: hasNewer || messages.at(-1) !== read.at(-1) };
}

/** With the comma behind it. */
function sizeOf(item: object): number {
  const known = sizes.get(item);
  if (known !== undefined) return known;
  const size = Buffer.byteLength(JSON.stringify(item)) + 1;
  sizes.set(item, size);
  return size;
}
