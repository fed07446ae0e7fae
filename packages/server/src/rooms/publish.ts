import type { ServerEvent, ServerEventName } from "@chat-widget/protocol";

/** Tells everyone who has a room open. */
export type Publish = <N extends ServerEventName>(roomId: string, name: N, payload: ServerEvent<N>) => void;
