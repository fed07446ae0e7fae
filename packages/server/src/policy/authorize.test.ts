import { expect, it } from "vitest";
import { v7 as uuidv7 } from "uuid";
import { ChatError } from "@chat-widget/protocol";
import { connect, refusalOf } from "../../test/test-client.js";
import { startServer } from "../../test/test-server.js";
import type { Authorize } from "./authorize.js";

const roomId = "lobby";

it("says once that the rules say nothing it understands", async () => {
  // An application in JavaScript may give anything.
  const untyped: { authorize?: Authorize } = {};
  Reflect.set(untyped, "authorize", () => "yes");
  const { origin, log } = await startServer(untyped);
  const ann = await connect(origin);
  for (let n = 0; n < 3; n++) expect(await refusalOf(ann.ask("room:join", { roomId }))).toMatchObject({ code: "forbidden" });
  expect(log.lines).toMatchObject([{ level: "error", fields: { command: "room:join", gave: "string" } }]);
});

it("lets in who may read when the rules refuse the rest by throwing", async () => {
  const { origin } = await startServer({
    authorize: ({ command }) => {
      if (command === "message:send") throw new ChatError("forbidden", "unable to write; pay first");
      return undefined;
    },
  });
  const ann = await connect(origin);
  expect((await ann.ask("room:join", { roomId })).permissions).toEqual(["read", "attach", "react", "edit-own", "delete-own", "publish"]);
  expect(await refusalOf(ann.send(roomId, "hello"))).toMatchObject({ code: "forbidden", message: "unable to write; pay first" });
});

it("keeps the message that the rules are shown as it is, whatever they do with it", async () => {
  const { origin } = await startServer({
    authorize: ({ message }) => {
      if (message !== undefined) message.text = "[hidden]";
      return undefined;
    },
  });
  const ann = await connect(origin);
  await ann.ask("room:join", { roomId });
  const { id: messageId } = await ann.send(roomId, "hello");
  await ann.ask("reaction:add", { roomId, id: uuidv7(), messageId, emoji: "👍" });
  expect((await ann.ask("history:read", { roomId })).messages).toMatchObject([{ text: "hello" }]);
});
