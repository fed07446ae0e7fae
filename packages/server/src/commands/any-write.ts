import type { CommandInput, Write } from "@chat-widget/protocol";

/** A command that writes to a room's log: one that clients keep and batch, or one that is asked alone. */
export type AnyWrite = Write | { name: "message:pin" | "message:unpin"; input: CommandInput<"message:pin"> };
