import { defineChatWidget } from "./define-chat-widget.js";
import { rememberServerOf } from "./server-url.js";

rememberServerOf(import.meta.url);
defineChatWidget();
