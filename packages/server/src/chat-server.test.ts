import { expect, it } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { connect, refusalOf } from "../test/test-client.js";
import { startServer } from "../test/test-server.js";

it("lets two people talk", async () => {
  const { origin } = await startServer();
  const ann = await connect(origin, { guestName: "Ann" });
  const bob = await connect(origin, { guestName: "Bob" });
  await ann.ask("room:join", { roomId: "lobby" });
  const joined = await bob.ask("room:join", { roomId: "lobby" });
  expect(joined.presence).toMatchObject({ count: 2, users: [{ name: "Ann" }, { name: "Bob" }] });

  const sent = await ann.send("lobby", "hello");
  await bob.hears("room:events");
  expect(bob.events("lobby")).toEqual([sent]);
  expect(sent).toMatchObject({ type: "message.sent", seq: 1, text: "hello", author: { id: ann.ready.user.id, name: "Ann" } });
});
