import type { Translation } from "./translation.js";

const number = (n: number): string => n.toLocaleString("en");
const count = (n: number, one: string, other: string): string => `${number(n)} ${n === 1 ? one : other}`;

/** English. */
export const en: Translation = {
  chat: "Chat",
  open: "Open chat",
  close: "Close chat",
  unread: (n) => count(n, "unread message", "unread messages"),

  connecting: "Connecting…",
  here: (n) => (n === 1 ? "Only you are here" : `${number(n)} here`),
  reconnecting: "Reconnecting… What you send is kept.",
  offline: "You are offline. What you send is kept.",
  unreachable: "The chat cannot be reached. Trying again…",
  online: "Connected again",

  messages: "Messages",
  loadingOlder: "Loading earlier messages…",
  olderMissing: "Earlier messages could not be loaded.",
  firstUnread: "New",
  newMessages: (n) => count(n, "new message", "new messages"),
  toNewest: "Go to the newest message",
  emptyTitle: "No messages yet",
  emptyText: "Write the first one.",
  said: (name, text) => `${name}: ${text}`,

  you: "You",
  someone: "someone",
  edited: "edited",
  deleted: "Message deleted",
  sending: "Sending…",
  failed: "Not sent.",
  retry: "Try again",
  discard: "Discard",
  earlierMessage: "An earlier message",

  write: "Write a message",
  send: "Send",
  save: "Save",
  cancel: "Cancel",
  replyingTo: (name) => `Replying to ${name}`,
  replyingToSelf: "Replying to yourself",
  editing: "Editing your message",
  left: (n) => `${number(n)} left`,
  tooLong: (n) => `${number(n)} too many`,
  cannotSend: "You can read here, but not write.",
  typing: ([first, second], n) =>
    n === 1 ? `${first} is typing…` : n === 2 && second !== undefined ? `${first} and ${second} are typing…` : `${number(n)} people are typing…`,

  youAppearAs: (name) => `You appear as ${name}`,
  change: "Change",
  yourName: "Your name",

  actions: "Actions",
  react: "React",
  anyEmoji: "Any emoji",
  reply: "Reply",
  copy: "Copy text",
  copied: "Copied",
  edit: "Edit",
  delete: "Delete",
  deleteQuestion: "Delete for everyone?",

  unavailable: "The chat is not available",
  tryAgain: "Try again",
  details: "Details for developers",
  errors: {
    internal: "Something went wrong.",
    unauthenticated: "Please sign in and try again.",
    forbidden: "You are not allowed to do this.",
    refused: "This may not be written here.",
    "not-found": "It is no longer there.",
    conflict: "It has changed in the meantime.",
    "too-large": "It is too long.",
    "rate-limited": "That was a little fast. Wait a moment.",
    "unsupported-version": "Please reload the page.",
    unavailable: "The chat is having a pause. Try again soon.",
    undeliverable: "It could not be delivered.",
  },
};
