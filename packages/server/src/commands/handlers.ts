import * as z from "zod/mini";
import { ChatError, type CommandName, commands } from "@chat-widget/protocol";
import type { CommandContext } from "./command-context.js";
import { readHistory, readMessages } from "./message.js";
import { moveReceipt } from "./receipt.js";
import { joinRoom, leaveRoom, syncRoom } from "./room.js";
import { setTyping } from "./typing.js";
import { writeAlone, writeBatch } from "./write.js";

/** A command whose input fits the contract. */
export interface ReadyCommand {
  /** The room it is about; commands of one connection about one room run one after the other. */
  roomId: string | undefined;
  run(context: CommandContext): Promise<unknown>;
}

/** Reads the input of one command. @throws {ChatError} `invalid`, naming up to five places. */
export type ReadCommand = (raw: unknown) => ReadyCommand;

interface Definition<I, O> {
  input: z.core.$ZodType<I>;
  output: z.core.$ZodType<O>;
}

/** What may be asked and who does it; a command without a handler does not compile. */
export const handlers: { readonly [N in CommandName]: ReadCommand } = {
  "message:send": define("message:send", commands["message:send"], writeAlone<"message:send">((input) => ({ name: "message:send", input }))),
  "message:edit": define("message:edit", commands["message:edit"], writeAlone<"message:edit">((input) => ({ name: "message:edit", input }))),
  "message:delete": define("message:delete", commands["message:delete"], writeAlone<"message:delete">((input) => ({ name: "message:delete", input }))),
  "reaction:add": define("reaction:add", commands["reaction:add"], writeAlone<"reaction:add">((input) => ({ name: "reaction:add", input }))),
  "reaction:remove": define("reaction:remove", commands["reaction:remove"], writeAlone<"reaction:remove">((input) => ({ name: "reaction:remove", input }))),
  "room:write": define("room:write", commands["room:write"], writeBatch),
  "room:join": define("room:join", commands["room:join"], joinRoom),
  "room:leave": define("room:leave", commands["room:leave"], leaveRoom),
  "room:sync": define("room:sync", commands["room:sync"], syncRoom),
  "history:read": define("history:read", commands["history:read"], readHistory),
  "message:read": define("message:read", commands["message:read"], readMessages),
  "receipt:move": define("receipt:move", commands["receipt:move"], moveReceipt),
  "typing:set": define("typing:set", commands["typing:set"], setTyping),
  "session:refresh": define("session:refresh", commands["session:refresh"], (context, input) => context.refresh(input)),
};

function define<I extends object, O>(name: CommandName, { input }: Definition<I, O>, handle: (context: CommandContext, input: I) => Promise<O>): ReadCommand {
  return (raw) => {
    const parsed = z.safeParse(input, raw);
    if (!parsed.success) throw invalid(name, parsed.error.issues);
    const { data } = parsed;
    const roomId = "roomId" in data && typeof data.roomId === "string" ? data.roomId : undefined;
    return { roomId, run: (context) => handle(context, data) };
  };
}

function invalid(name: CommandName, issues: readonly z.core.$ZodIssue[]): ChatError {
  const places = issues.slice(0, 5).map(({ path, code }) => `${path.map(String).join(".").slice(0, 100) || "input"}: ${code}`);
  return new ChatError("invalid", `unable to run ${name}; its input does not fit the contract`, { details: { issues: places } });
}
