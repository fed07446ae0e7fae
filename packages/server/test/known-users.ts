import type { ChatServerOptions } from "../src/options.js";
import { connect } from "./test-client.js";
import { startServer } from "./test-server.js";

/** A server that believes its clients' tokens to be their ids; whoever's begins with `mona` is a moderator. */
export async function startKnownUsers(options: ChatServerOptions = {}) {
  const server = await startServer({ authenticate: ({ token = "" }) => ({ id: token, name: token, roles: [token.startsWith("mona") ? "moderator" : "member"] }), ...options });
  const enter = async (userId: string, roomId = "lobby") => {
    const client = await connect(server.origin, { token: userId });
    const { permissions, catchUp } = await client.ask("room:join", { roomId });
    return Object.assign(client, { permissions, catchUp });
  };
  return { ...server, enter };
}
