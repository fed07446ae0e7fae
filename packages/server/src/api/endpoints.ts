import type { Endpoint } from "./endpoint.js";
import { messageEndpoints } from "./endpoints/messages.js";
import { moderationEndpoints } from "./endpoints/moderation.js";
import { roomEndpoints } from "./endpoints/rooms.js";
import { userEndpoints } from "./endpoints/users.js";

/** Everything the HTTP API can do. */
export const endpoints: readonly Endpoint[] = [...messageEndpoints, ...roomEndpoints, ...userEndpoints, ...moderationEndpoints];
