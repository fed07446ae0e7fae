import { ChatError } from "@chat-widget/protocol";

/** For a search in a store that was told to keep no index. */
export function notSearchable(): ChatError {
  return new ChatError("forbidden", "unable to search; this chat keeps no index");
}
