import type { RoomWindow, WindowRoom } from "./room-window.js";
import type { SearchOptions, SearchPage } from "./search.js";

/** What looks into a room's past. Most visitors never do, so it is loaded when it is first asked for. */
export interface LookBack {
  /** Finds messages by their words, newest first. @throws {ChatError} as a rejection */
  search(query: string, options?: SearchOptions): Promise<SearchPage>;
  /** Jumps to a message, by its id or its `seq`: opens a window around it. @throws {ChatError} as a rejection, `not-found` when there is no such message */
  around(message: string | number): Promise<RoomWindow>;
}

export function lookBackIn(room: WindowRoom): LookBack {
  return {
    search: async (query, options) => (await import("./search.js")).searchRoom(room, query, options),
    around: async (message) => (await import("./room-window.js")).openWindow(room, message),
  };
}
