// One contestant's server, in a process of its own.
import { once } from "node:events";
import { createServer } from "node:http";
import { answer, setup } from "../processes/answer.mjs";
import { contestants } from "./contestants.mjs";

const http = createServer();
const chat = await contestants[setup.contestant].start(http, setup.kind, setup.place);
http.listen(0, "127.0.0.1");
await once(http, "listening");

answer({
  port: () => http.address().port,
  stored: (rooms) => chat.stored(rooms),
});
