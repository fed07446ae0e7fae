// The server of a storm; counts the reads of its store.
import { once } from "node:events";
import { createServer } from "node:http";
import { createChatServer } from "@chat-widget/server";
import { sqliteStore } from "@chat-widget/server/sqlite";
import { answer, setup } from "../processes/answer.mjs";

const reads = { heads: 0, eventsAfter: 0, messages: 0, receipts: 0 };
const store = new Proxy(sqliteStore({ filename: setup.filename }), {
  get(target, name) {
    const value = Reflect.get(target, name, target);
    if (typeof value !== "function") return value;
    return (...input) => {
      if (Object.hasOwn(reads, name)) reads[name] += 1;
      return value.apply(target, input);
    };
  },
});
const http = createServer();
const chat = createChatServer(http, { store, guests: true });
http.listen(setup.port, "127.0.0.1");
await once(http, "listening");

answer({
  port: () => http.address().port,
  async say(count) {
    for (let n = 0; n < count; n++) await chat.room(setup.room).send({ author: { id: "bot", name: "Bot" }, text: `message ${n}` });
  },
  cost: () => ({ "server MB": Math.round(process.memoryUsage().rss / 2 ** 20), ...reads }),
});
