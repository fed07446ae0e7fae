import * as z from "zod/mini";
import { Attachment } from "./attachment.js";
import { CommandId, FileName, RoomId, Timestamp } from "./primitives.js";

const ofUpload = {
  roomId: RoomId,
  /** The upload. */
  uploadId: CommandId,
};

/** The commands that bring files to a room and fetch them. Their bytes go by HTTP, see docs/uploads.md. */
export const uploadCommands = {
  /** Asks for a place to send a file to. It counts against what the caller may keep until it is cancelled or deleted. */
  "upload:request": {
    input: z.strictObject({
      roomId: RoomId,
      /** What the file is called. */
      name: FileName,
      /** Its bytes, exactly. */
      size: Attachment.shape.size,
      /** What the sender takes it for; the server looks for itself. */
      type: z.optional(z.string().check(z.maxLength(256))),
    }),
    output: z.object({
      /** Names the upload in other commands, and the attachment later. */
      uploadId: CommandId,
      /** Where to send the file with `PUT` and nothing but its bytes: an absolute address, or one below the chat's path. It needs no cookie; who has it can send. */
      url: z.string(),
      /** Headers to send with it, by name, each a text. */
      headers: z.looseObject({}),
      /** Whether `HEAD` tells in `Upload-Offset` how much is there, and `PUT` with `Content-Range` sends the rest. */
      isResumable: z.boolean(),
      /** Until when the address is good. */
      expiresAt: Timestamp,
    }),
  },
  /** Says that all is sent. The server looks what it is; from then on a message may carry it. Asking again gives the same. */
  "upload:finish": {
    input: z.strictObject(ofUpload),
    output: z.object({
      /** What the server found. */
      attachment: Attachment,
    }),
  },
  /** Removes an upload that no message carries. */
  "upload:cancel": { input: z.strictObject(ofUpload), output: z.object({}) },
  /** Gives the addresses of files in messages of a room, and of the caller's own uploads to it. Those that are not there are left out. */
  "upload:read": {
    input: z.strictObject({
      roomId: RoomId,
      /** The attachments' ids. */
      ids: z.array(CommandId).check(z.minLength(1), z.maxLength(50)),
    }),
    output: z.object({
      /** One for each that is there. */
      files: z.array(
        z.object({
          /** The attachment's id. */
          id: CommandId,
          /** Where the file can be fetched with `GET`: an absolute address, or one below the chat's path. Who has it can read. */
          url: z.string(),
          /** Until when the address is good. */
          expiresAt: Timestamp,
        }),
      ),
    }),
  },
} as const;
