import type { IncomingMessage, Server } from "node:http";
import { expect, it, vi } from "vitest";
import { RawSocket } from "../../test/raw-socket.js";
import { connect } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";

/** Resolves when the HTTP server has closed by itself. */
function closed(http: Server): Promise<unknown> {
  return new Promise((resolve) => http.close(resolve));
}

it("tells everyone goodbye, those who poll too, and then the HTTP server can close", async () => {
  const { origin, chat, http } = await startServer();
  const [ann, bob] = [await connect(origin), await connect(origin, { transports: ["polling"] })];
  const reasons = Promise.all([ann, bob].map(({ socket }) => new Promise((resolve) => socket.once("disconnect", resolve))));
  await chat.close();
  expect(await reasons).toEqual(["transport close", "transport close"]);
  http.closeIdleConnections();
  await closed(http);
});

it("cuts connections that a middleware still looks at", async () => {
  const waiting: (() => void)[] = [];
  const { port, chat, http } = await startServer({ use: [(_request: IncomingMessage, _response: unknown, next: () => void) => void waiting.push(next)] });
  const [socket, poll] = [new RawSocket(port), new RawSocket(port)];
  socket.request("/chat/socket.io/?EIO=4&transport=websocket");
  poll.request("/chat/socket.io/?EIO=4&transport=polling", { upgrade: "" });
  await vi.waitFor(() => expect(waiting).toHaveLength(2));
  await chat.close();
  await closed(http);
  for (const next of waiting) next();
  expect(socket.received + poll.received).toBe("");
});
