import type { Append } from "./chat-store.js";

// A store is the application's own code and may be JavaScript: what it answers is looked at as far as the server would
// otherwise go wrong for everybody, and not just for the one who asked.

/** Says whether an answer is one. */
export type Fits = (answer: unknown) => boolean;

export const isIdentity: Fits = (answer) => isObject(answer) && typeof answer["epoch"] === "string" && answer["epoch"] !== "" && answer["secret"] instanceof Uint8Array && answer["secret"].length >= 32 && (answer["replaced"] === undefined || answer["replaced"] instanceof AbortSignal);

/** What became of each append, in their order. */
export function areResultsOf(appends: readonly Append[]): Fits {
  return (answer) => Array.isArray(answer) && answer.length === appends.length && appends.every(({ draft }, index) => isResultOf(draft.id, answer[index]));
}

export function arePlaces(count: number): Fits {
  return (answer) => Array.isArray(answer) && answer.length === count && answer.every(isPlace);
}

export const isLogRead: Fits = (answer) => isObject(answer) && (answer["kind"] === "trimmed" || (answer["kind"] === "events" && isPlace(answer["head"]) && isListOf(answer["events"], (event) => isPlace(event["seq"]))));

export const isPage: Fits = (answer) => isObject(answer) && isPlace(answer["asOf"]) && areNumbered(answer["messages"]);

export const isSearchPage: Fits = (answer) =>
  isObject(answer) &&
  isListOf(answer["found"], ({ roomId, message }) => typeof roomId === "string" && areNumbered([message]) && isObject(message) && typeof message["text"] === "string") &&
  (answer["next"] === undefined || (isObject(answer["next"]) && typeof answer["next"]["roomId"] === "string" && isPlace(answer["next"]["seq"])));

/** Messages or events. */
export const areNumbered: Fits = (answer) => isListOf(answer, ({ id, seq }) => typeof id === "string" && isPlace(seq));

/** One for each of so many rooms. */
export function areReadings(count: number): Fits {
  return (answer) => Array.isArray(answer) && answer.length === count && isListOf(answer, ({ seq, unread, mentions }) => [seq, unread, mentions].every(isPlace));
}

export const areReceipts: Fits = (answer) => isListOf(answer, ({ userId, seq }) => typeof userId === "string" && isPlace(seq));

/** Places of rooms. */
export const arePlaced: Fits = (answer) => isListOf(answer, ({ roomId, seq }) => typeof roomId === "string" && isPlace(seq));

/** Events with their rooms. */
export const arePlacedEvents: Fits = (answer) => isListOf(answer, ({ roomId, event }) => typeof roomId === "string" && areNumbered([event]));

export const areRecords: Fits = (answer) => isListOf(answer, ({ key, revision }) => typeof key === "string" && isPlace(revision));

export const isYesOrNo: Fits = (answer) => typeof answer === "boolean";

export const isStep: Fits = (answer) => isObject(answer) && typeof answer["isDone"] === "boolean";

export const isAnything: Fits = () => true;

function isResultOf(id: string, result: unknown): boolean {
  if (!isObject(result)) return false;
  const { outcome, event } = result;
  if (outcome === "conflict") return true;
  return (outcome === "stored" || outcome === "repeated") && isObject(event) && event["id"] === id && isPlace(event["seq"]);
}

function isListOf(answer: unknown, isItem: (item: Record<string, unknown>) => boolean): boolean {
  return Array.isArray(answer) && answer.every((item) => isObject(item) && isItem(item));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isPlace(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
