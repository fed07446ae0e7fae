import type { Attachment, StructuredData } from "@chat-widget/protocol";

/** A message that is to be sent. */
export interface Draft {
  text: string;
  /** The ids of the users it mentions, at most 50. */
  mentions?: string[];
  /** The id of the message it answers. */
  replyTo?: string;
  /** The id of the root of the thread it is for; then it is not among the room's messages. */
  threadId?: string;
  /** Shows it among the room's messages as well; only with `threadId`. */
  alsoInRoom?: true;
  /** What a screen that knows its type shows instead of the text; of a type that the server's option `messageTypes` allows. */
  data?: StructuredData;
  /** Files that were sent by `upload`; the text may be empty then. */
  attachments?: readonly Attachment[];
}
