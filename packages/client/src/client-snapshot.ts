import type { ChatError, Limits, User } from "@chat-widget/protocol";

/**
 * `idle` before `connect`; `connecting` the first time; `online` when the session is ready; `reconnecting` after a loss,
 * with retries going on; `offline` when the browser says there is no network; `refused` when retrying is no use (see `error`); `closed` for good.
 */
export type ConnectionStatus = "idle" | "connecting" | "online" | "reconnecting" | "offline" | "refused" | "closed";

/** Everything a screen needs of the connection, at one moment; immutable. */
export interface ClientSnapshot {
  readonly status: ConnectionStatus;
  /** Who the server says we are; kept over a loss of connection. */
  readonly user: User | undefined;
  readonly limits: Limits;
  /** Why the connection was refused, or the last attempt failed. */
  readonly error: ChatError | undefined;
}
