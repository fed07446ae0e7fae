import * as z from "zod/mini";
import { ChatError, type CommandName, commands } from "@chat-widget/protocol";
import type { CommandContext } from "./command-context.js";
import { acceptInvite, createInvite } from "./invite.js";
import { addMember, leaveMembership, removeMember, setRole } from "./member.js";
import { readEvents, whisperEvent } from "./event.js";
import { readHistory, readMessages } from "./message.js";
import { changePin, readPins } from "./pins.js";
import { openDirect, openSupport } from "./private-room.js";
import { banMember, kickMember, muteMember, unbanMember, unmuteMember } from "./member-moderation.js";
import { listReports, reportMessage, resolveReport } from "./report.js";
import { readAudit } from "./audit.js";
import { moveReceipt } from "./receipt.js";
import { joinRoom, leaveRoom, syncRoom } from "./room.js";
import { listMembers, listRooms } from "./room-lists.js";
import { updateRoom } from "./room-settings.js";
import { searchRooms } from "./search.js";
import { markThread, readPositions } from "./thread.js";
import { readStreams } from "./stream.js";
import { setTyping } from "./typing.js";
import { cancelUpload, finishUpload, readFiles, requestUpload } from "./upload.js";
import { readVersions } from "./versions.js";
import { whileOpen } from "./while-open.js";
import { writeAlone, writeBatch } from "./write.js";

/** A command whose input fits the contract. */
export interface ReadyCommand {
  /** The room it is about; commands of one connection about one room run one after the other. */
  roomId: string | undefined;
  run(context: CommandContext): Promise<unknown>;
}

/** Reads the input of the command by this name. @throws {ChatError} `invalid`, naming up to five places. */
export type ReadCommand = (name: CommandName, raw: unknown) => ReadyCommand;

interface Definition<I, O> {
  input: z.core.$ZodType<I>;
  output: z.core.$ZodType<O>;
}

/** What may be asked and who does it; a command without a handler does not compile. */
export const handlers: { readonly [N in CommandName]: ReadCommand } = {
  "message:send": define(commands["message:send"], writeAlone((input) => ({ name: "message:send", input }))),
  "message:edit": define(commands["message:edit"], writeAlone((input) => ({ name: "message:edit", input }))),
  "message:delete": define(commands["message:delete"], writeAlone((input) => ({ name: "message:delete", input }))),
  "reaction:add": define(commands["reaction:add"], writeAlone((input) => ({ name: "reaction:add", input }))),
  "reaction:remove": define(commands["reaction:remove"], writeAlone((input) => ({ name: "reaction:remove", input }))),
  "message:pin": define(commands["message:pin"], changePin("message:pin")),
  "message:unpin": define(commands["message:unpin"], changePin("message:unpin")),
  "pins:read": define(commands["pins:read"], whileOpen(readPins)),
  "message:history": define(commands["message:history"], whileOpen(readVersions)),
  "thread:positions": define(commands["thread:positions"], readPositions),
  "thread:mark": define(commands["thread:mark"], markThread),
  "event:publish": define(commands["event:publish"], writeAlone((input) => ({ name: "event:publish", input }))),
  "event:whisper": define(commands["event:whisper"], whisperEvent),
  "event:read": define(commands["event:read"], whileOpen(readEvents)),
  "stream:read": define(commands["stream:read"], whileOpen(readStreams)),
  "room:write": define(commands["room:write"], writeBatch),
  "room:join": define(commands["room:join"], joinRoom),
  "room:leave": define(commands["room:leave"], leaveRoom),
  "room:sync": define(commands["room:sync"], whileOpen(syncRoom)),
  "history:read": define(commands["history:read"], whileOpen(readHistory)),
  "message:read": define(commands["message:read"], whileOpen(readMessages)),
  "message:search": define(commands["message:search"], searchRooms),
  "receipt:move": define(commands["receipt:move"], moveReceipt),
  "typing:set": define(commands["typing:set"], setTyping),
  "room:update": define(commands["room:update"], updateRoom),
  "room:list": define(commands["room:list"], listRooms),
  "room:members": define(commands["room:members"], listMembers),
  "room:open-direct": define(commands["room:open-direct"], openDirect),
  "room:open-support": define(commands["room:open-support"], openSupport),
  "member:add": define(commands["member:add"], addMember),
  "member:remove": define(commands["member:remove"], removeMember),
  "member:set-role": define(commands["member:set-role"], setRole),
  "member:leave": define(commands["member:leave"], leaveMembership),
  "invite:create": define(commands["invite:create"], createInvite),
  "invite:accept": define(commands["invite:accept"], acceptInvite),
  "message:report": define(commands["message:report"], reportMessage),
  "report:list": define(commands["report:list"], listReports),
  "report:resolve": define(commands["report:resolve"], resolveReport),
  "audit:read": define(commands["audit:read"], readAudit),
  "member:mute": define(commands["member:mute"], muteMember),
  "member:unmute": define(commands["member:unmute"], unmuteMember),
  "member:ban": define(commands["member:ban"], banMember),
  "member:unban": define(commands["member:unban"], unbanMember),
  "member:kick": define(commands["member:kick"], kickMember),
  "session:refresh": define(commands["session:refresh"], (context, input) => context.refresh(input)),
  "upload:request": define(commands["upload:request"], requestUpload),
  "upload:finish": define(commands["upload:finish"], finishUpload),
  "upload:cancel": define(commands["upload:cancel"], cancelUpload),
  "upload:read": define(commands["upload:read"], readFiles),
};

function define<I extends object, O>({ input }: Definition<I, O>, handle: (context: CommandContext, input: I) => Promise<O>): ReadCommand {
  return (name, raw) => {
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
