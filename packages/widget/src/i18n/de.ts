import type { Translation } from "./translation.js";

const number = (n: number): string => n.toLocaleString("de");
const count = (n: number, one: string, other: string): string => `${number(n)} ${n === 1 ? one : other}`;

/** German. */
export const de: Translation = {
  chat: "Chat",
  open: "Chat öffnen",
  close: "Chat schließen",
  unread: (n) => count(n, "ungelesene Nachricht", "ungelesene Nachrichten"),

  connecting: "Verbinden …",
  here: (n) => (n === 1 ? "Nur du bist hier" : `${number(n)} hier`),
  reconnecting: "Neu verbinden … Gesendetes bleibt.",
  offline: "Keine Verbindung. Gesendetes bleibt.",
  unreachable: "Der Chat ist nicht erreichbar. Neuer Versuch …",
  online: "Wieder verbunden",

  messages: "Nachrichten",
  loadingOlder: "Frühere Nachrichten werden geladen …",
  olderMissing: "Frühere Nachrichten konnten nicht geladen werden.",
  firstUnread: "Neu",
  newMessages: (n) => count(n, "neue Nachricht", "neue Nachrichten"),
  toNewest: "Zur neuesten Nachricht",
  emptyTitle: "Noch keine Nachrichten",
  emptyText: "Schreib die erste.",
  said: (name, text) => `${name}: ${text}`,

  you: "Du",
  someone: "jemand",
  edited: "bearbeitet",
  deleted: "Nachricht gelöscht",
  sending: "Wird gesendet …",
  failed: "Nicht gesendet.",
  retry: "Noch einmal",
  discard: "Verwerfen",
  earlierMessage: "Eine frühere Nachricht",

  write: "Nachricht schreiben",
  send: "Senden",
  save: "Speichern",
  cancel: "Abbrechen",
  replyingTo: (name) => `Antwort an ${name}`,
  replyingToSelf: "Antwort an dich selbst",
  editing: "Nachricht bearbeiten",
  left: (n) => `noch ${number(n)}`,
  tooLong: (n) => `${number(n)} zu viel`,
  cannotSend: "Du kannst hier lesen, aber nicht schreiben.",
  typing: ([first, second], n) =>
    n === 1 ? `${first} schreibt …` : n === 2 && second !== undefined ? `${first} und ${second} schreiben …` : `${number(n)} Personen schreiben …`,

  youAppearAs: (name) => `Du erscheinst als ${name}`,
  change: "Ändern",
  yourName: "Dein Name",

  actions: "Aktionen",
  react: "Reagieren",
  anyEmoji: "Beliebiges Emoji",
  reply: "Antworten",
  copy: "Text kopieren",
  copied: "Kopiert",
  edit: "Bearbeiten",
  delete: "Löschen",
  deleteQuestion: "Für alle löschen?",

  unavailable: "Der Chat ist nicht verfügbar",
  tryAgain: "Noch einmal versuchen",
  details: "Details für Entwickler",
  errors: {
    internal: "Etwas ist schiefgegangen.",
    unauthenticated: "Bitte melde dich an und versuche es noch einmal.",
    forbidden: "Das ist dir nicht erlaubt.",
    refused: "Das darf hier nicht geschrieben werden.",
    "not-found": "Das gibt es nicht mehr.",
    conflict: "Das hat sich inzwischen geändert.",
    "too-large": "Das ist zu lang.",
    "rate-limited": "Das war etwas schnell. Warte einen Moment.",
    "unsupported-version": "Bitte lade die Seite neu.",
    unavailable: "Der Chat macht gerade Pause. Versuche es bald wieder.",
    undeliverable: "Es konnte nicht zugestellt werden.",
  },
};
