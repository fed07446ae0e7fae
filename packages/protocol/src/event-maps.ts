import type { CommandInput, CommandName, Reply } from "./command.js";
import type { ServerEvent, ServerEventName } from "./signal.js";

/** Socket.IO's map of what a client emits. */
export type ClientToServerEvents = {
  [N in CommandName]: (input: CommandInput<N>, acknowledge: (reply: Reply<N>) => void) => void;
};

/** Socket.IO's map of what a server emits. */
export type ServerToClientEvents = {
  [N in ServerEventName]: (payload: ServerEvent<N>) => void;
};
