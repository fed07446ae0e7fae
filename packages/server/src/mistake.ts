import { ChatError } from "@chat-widget/protocol";

/** What is wrong with how a chat server is set up, in words that say how to mend it. */
export function mistake(reason: string): ChatError {
  return new ChatError("invalid", `unable to create the chat server; ${reason}`);
}
