import type { Attachment } from "@chat-widget/protocol";
import type { RoomFiles } from "./room-files.js";
import type { FilesSurroundings } from "./files-surroundings.js";
import type { UploadOptions } from "./upload-options.js";

/** What brings files to a room and fetches them. Most visitors never do, so it is loaded when it is first asked for. */
export interface Attach {
  /** Sends a file, to be an attachment of one message within a day. Goes on after a break of the connection. @throws {ChatError} as a rejection, such as `refused` for a type that is not taken */
  upload(file: Blob, options?: UploadOptions): Promise<Attachment>;
  /** Where the file of an attachment can be fetched for the next minute; to be asked for anew when it is needed later. @throws {ChatError} as a rejection */
  attachmentUrl(attachmentId: string): Promise<string>;
}

export function attachTo(roomId: string, around: FilesSurroundings): Attach {
  let files: RoomFiles | undefined;
  const load = async (): Promise<RoomFiles> => {
    const { RoomFiles } = await import("./room-files.js");
    return (files ??= new RoomFiles(roomId, around));
  };
  return {
    upload: async (file, options) => (await load()).upload(file, options),
    attachmentUrl: async (attachmentId) => (await load()).url(attachmentId),
  };
}
