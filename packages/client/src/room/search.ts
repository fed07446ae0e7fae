import { searchCommands, type SearchCursor, type SearchResult } from "@chat-widget/protocol";
import type { ServerLink } from "../server-link.js";
import type { RoomLog } from "./room-log.js";

/** Which messages to look for. */
export interface SearchOptions {
  /** Only what this user wrote. */
  from?: string;
  /** Only what was sent before; milliseconds since 1970. */
  before?: number;
  /** Only what was sent then or later. */
  after?: number;
  /** How many in a page; twenty when left out, and fifty at most. */
  limit?: number;
}

/** Some of the messages that were found, newest first. */
export interface SearchPage {
  readonly results: readonly SearchResult[];
  /** Looks further back; missing at the end. A page may have no results and yet another behind it. */
  readonly more?: () => Promise<SearchPage>;
}

interface Searched {
  roomId: string;
  connection: ServerLink;
  log: RoomLog;
}

/** Asks the server. @throws {ChatError} */
export async function searchRoom(room: Searched, query: string, options: SearchOptions = {}, cursor?: SearchCursor): Promise<SearchPage> {
  const { roomId, connection, log } = room;
  const input = { ...options, roomIds: [roomId], query, ...(cursor !== undefined && { cursor }) };
  const { results, next } = await connection.request("message:search", input, searchCommands["message:search"]);
  return {
    // What was edited or deleted while the answer was on its way is not shown as it was.
    results: results.filter(({ message }) => log.upToDate(message).text === message.text),
    ...(next !== undefined && { more: () => searchRoom(room, query, options, next) }),
  };
}
