/** Four usual ways to write a chat with Socket.IO alone. */
export const ways = {
  emit: "`emit`, and hope",
  retry: "`emitWithAck`, asked again until it is answered",
  recovery: "connection state recovery, with `retries`",
  tutorial: "the same, as in the Socket.IO tutorial: ids are unique in the database, and who comes back says how far it has read",
} as const;
export type Way = keyof typeof ways;

/** A message as the plain chats store and tell it. */
export interface Row {
  room: string;
  id: string;
  seq: number;
  at: number;
  author: string;
  text: string;
}

/** What a plain client asks. */
export type Wish = Pick<Row, "room" | "id" | "author" | "text">;
