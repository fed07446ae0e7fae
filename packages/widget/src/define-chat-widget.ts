import { ChatWidget } from "./chat-widget.js";
import { defineElement } from "./elements/define-element.js";

/** Registers the element, as `<chat-widget>` or under a name of your own, unless the name is taken. */
export function defineChatWidget(tag = "chat-widget"): void {
  // A class can be registered once, so another name gets a class of its own.
  defineElement(tag, tag === "chat-widget" ? ChatWidget : class extends ChatWidget {});
}
