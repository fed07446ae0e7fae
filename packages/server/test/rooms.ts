import type { CommandInput, RoomPatch } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import type { ChatServerOptions } from "../src/options.js";
import type { AuthenticateRequest, AuthenticatedUser } from "../src/session/authenticate.js";
import { type TestClient, connect } from "./test-client.js";
import { type TestServer, startServer } from "./test-server.js";

export const roomId = "club";

/** Who somebody is, by their token: `mod` moderates the application, `guest-…` are guests. */
export function authenticate({ token = "" }: Pick<AuthenticateRequest, "token">): AuthenticatedUser {
  const roles: AuthenticatedUser["roles"] = token === "mod" ? ["moderator"] : token.startsWith("guest") ? ["guest"] : ["member"];
  return { id: token, name: token.toUpperCase(), roles };
}

/** Options of a server whose people are named by their tokens. */
export const byToken = { guests: false, authenticate } satisfies ChatServerOptions;

export async function startClub(options: ChatServerOptions = {}): Promise<TestServer & { as(token: string): Promise<TestClient> }> {
  const server = await startServer({ ...byToken, ...options });
  return { ...server, as: (token) => connect(server.origin, { token }) };
}

/** Asks that a member is changed, with an id of its own. */
export function changeMember(client: TestClient, name: "member:add" | "member:remove", userId: string, id = uuidv7()) {
  return client.ask(name, { roomId, id, userId });
}

export function setRole(client: TestClient, userId: string, role: CommandInput<"member:set-role">["role"]) {
  return client.ask("member:set-role", { roomId, id: uuidv7(), userId, role });
}

export function update(client: TestClient, settings: RoomPatch) {
  return client.ask("room:update", { roomId, id: uuidv7(), settings });
}
