import type { Role } from "@chat-widget/protocol";
import type { ChatServerOptions } from "../src/options.js";
import type { Authenticate } from "../src/session/authenticate.js";
import { type TestClient, connect } from "./test-client.js";

export const roomId = "lobby";

const isRole = (word: string): word is Role => ["moderator", "admin", "bot"].includes(word);

/** Takes a token for who somebody is: `bob`, or `mia moderator` for one with a role. */
export const byToken: Authenticate = ({ token }) => {
  const [id, role = ""] = (token ?? "").split(" ");
  return id ? { id, name: id, roles: isRole(role) ? [role] : ["member"] } : undefined;
};

/** A chat whose users say who they are. */
export const ofTokens: ChatServerOptions = { authenticate: byToken, guests: false };

/** A client with the room open. */
export async function enter(origin: string, token: string, room = roomId): Promise<TestClient> {
  const client = await connect(origin, { token });
  await client.ask("room:join", { roomId: room });
  return client;
}
