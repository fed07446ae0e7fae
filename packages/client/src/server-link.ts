import type { ChatError, CommandInput, CommandName, CommandOutput, Commands, CoreCommandName, CoreServerEventName, Limits, ServerEvent } from "@chat-widget/protocol";

/** One thing a server said that every page understands, checked. */
export type AnyServerEvent = { [N in CoreServerEventName]: { name: N; payload: ServerEvent<N> } }[CoreServerEventName];

/** The session with the server, as rooms see it. */
export interface ServerLink {
  /** Whether commands can be asked now. */
  readonly isReady: boolean;
  readonly limits: Limits;
  /** Why the server will have nothing to do with us, for good. */
  readonly refusal: ChatError | undefined;
  /** Asks the server. Rejects with the server's error; with `unavailable` when not connected, `timeout` when the outcome is not known, `invalid` when the input is. */
  request<N extends CoreCommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>>;
  /** The same for any command: a feature brings its contract along, so that the first load does not have to. */
  request<N extends CommandName>(name: N, input: CommandInput<N>, contract: Commands[N]): Promise<CommandOutput<N>>;
}
