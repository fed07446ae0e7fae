import { defineChatWidget } from "./define-chat-widget.js";
import { rememberServerOf } from "./server-url.js";

rememberServerOf(import.meta.url);
defineChatWidget();

/** Brings the types of the element to those who import its registration. */
export type { ChatWidget } from "./chat-widget.js";
