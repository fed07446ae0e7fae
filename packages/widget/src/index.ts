export { ChatWidget } from "./chat-widget.js";
export { defineChatWidget } from "./define-chat-widget.js";
export type { ChatWidgetEventMap, ChatWidgetEvents } from "./events.js";
export type { Translation } from "./i18n/translation.js";
