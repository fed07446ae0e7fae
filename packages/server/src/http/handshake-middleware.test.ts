import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, it, vi } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { RawSocket } from "../../test/raw-socket.js";
import { connect } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";
import { expectNothingUnhandled } from "../../test/unhandled.js";

expectNothingUnhandled();

const poll = "/chat/socket.io/?EIO=4&transport=polling";
const webSocket = "/chat/socket.io/?EIO=4&transport=websocket";

/** A middleware that waits, as one does that asks Redis for a session. */
function waiting() {
  let goOn: () => void = () => undefined;
  let isCalled: (request: IncomingMessage) => void = () => undefined;
  const called = new Promise<IncomingMessage>((resolve) => (isCalled = resolve));
  const use = (request: IncomingMessage, _response: ServerResponse, next: () => void) => {
    goOn = next;
    isCalled(request);
  };
  return { called, use, goOn: () => goOn() };
}

it.each([
  ["an upgrade", webSocket, "websocket"],
  ["a poll", poll, ""],
])("survives %s that breaks while a middleware waits", async (_what, path, upgrade) => {
  const { called, use, goOn } = waiting();
  const { port, origin, log } = await startServer({ use: [use] });
  const visitor = new RawSocket(port);
  visitor.request(path, { upgrade });
  const { socket } = await called;
  const broken = new Promise((resolve) => socket.once("close", resolve));
  visitor.socket.resetAndDestroy();
  await broken;
  goOn();
  expect((await fetch(`${origin}/chat/healthz`)).status).toBe(200);
  expect(log.messages("error")).toEqual([]);
});

it("leaves a request to the middleware that answers it", async () => {
  const clock = new ManualClock();
  const deny = (_request: IncomingMessage, response: ServerResponse) => {
    response.statusCode = 401;
    response.end("who are you?");
  };
  const { port, origin, log } = await startServer({ clock, use: [deny] });
  const response = await fetch(`${origin}${poll}`);
  expect([response.status, await response.text()]).toEqual([401, "who are you?"]);
  const visitor = new RawSocket(port);
  visitor.request(webSocket);
  await visitor.ends();
  // In steps that leave the store the time to answer what is asked of it meanwhile.
  for (let passed = 0; passed < 60_000; passed += 5_000) {
    clock.advance(5_000);
    expect((await fetch(`${origin}/chat/healthz`)).status).toBe(200);
  }
  expect(log.messages("error")).toEqual([]);
});

it("answers once when a middleware answers and calls next too", async () => {
  const both = (_request: IncomingMessage, response: ServerResponse, next: () => void) => {
    response.writeHead(429).end("later");
    next();
  };
  const { origin, log } = await startServer({ use: [both] });
  expect((await fetch(`${origin}${poll}`)).status).toBe(429);
  expect(log.messages("error")).toEqual([]);
});

it("gives up on a middleware that does nothing, and lets it answer too late", async () => {
  const clock = new ManualClock();
  const responses: ServerResponse[] = [];
  let isStuck = true;
  const stuck = (_request: IncomingMessage, response: ServerResponse, next: () => void) => {
    responses.push(response);
    if (!isStuck) next();
  };
  const { origin, log } = await startServer({ clock, use: [stuck] });
  const asked = fetch(`${origin}${poll}`).then(({ status }) => status, () => "cut");
  await vi.waitFor(() => expect(responses).toHaveLength(1));
  clock.advance(10_000);
  expect(await asked).toBe("cut");
  expect(log.messages("error")).toEqual(["unable to open a connection; a middleware of `use` failed"]);
  responses[0]?.setHeader("x-late", "1").writeHead(200).end("late");
  isStuck = false;
  await connect(origin);
});
