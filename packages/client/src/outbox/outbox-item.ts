import type { Attachment, CommandInput, RoomEvent, WireError, Write, WriteCommandName } from "@chat-widget/protocol";
import { commandId } from "./command-id.js";

/** A write that the server has not told of yet, as it is kept in storage. */
export interface OutboxItem {
  readonly write: Write;
  /** Milliseconds since 1970, by this machine's clock. */
  readonly askedAt: number;
  /** The files of a message, as they are shown until the server tells of it. */
  readonly attachments?: readonly Attachment[];
  /** Why the server refused it for good. */
  readonly error?: WireError;
  /** The event it became, between the acknowledgement and its turn in the log. */
  readonly event?: RoomEvent;
  /** How often the connection died while it was on its way. */
  readonly breaks?: number;
}

/** What a host asks, without the parts that the engine adds. */
export type Ask = { [N in WriteCommandName]: { name: N; input: Omit<CommandInput<N>, "id" | "roomId"> } }[WriteCommandName];

/** The write of an ask: with a name of its own, for good. */
export function writeOf(roomId: string, { name, input }: Ask): Write {
  // Name and input are a pair; spreading one that is still open loses that.
  return { name, input: { ...input, roomId, id: commandId() } } as Write;
}

/** Whether the server is still to be asked. */
export function isWaiting({ error, event }: OutboxItem): boolean {
  return error === undefined && event === undefined;
}

export function idOf({ write }: OutboxItem): string {
  return write.input.id;
}
