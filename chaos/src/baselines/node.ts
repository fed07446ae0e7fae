// A plain Socket.IO server with a database, as tutorials have it. Started by ServerNode.
import { once } from "node:events";
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import type { RoomEvent } from "@chat-widget/protocol";
import { Server, type Socket } from "socket.io";
import type { NodeTable } from "../node/node.ts";
import type { NodeSetup } from "../node/node-setup.ts";
import type { RoomDump } from "../node/read-store.ts";
import { answer, setupOf } from "../processes/answer.ts";
import type { Row, Way, Wish } from "./wire.ts";

const setup = setupOf<NodeSetup & { way: Way }>();
const isUnique = setup.way === "tutorial";
if (setup.store.kind !== "sqlite") throw new Error("unable to start; the plain ways keep their messages in SQLite");
const database = new DatabaseSync(setup.store.filename);
database.exec(`pragma journal_mode = wal; create table if not exists messages (room text, seq integer, id text ${isUnique ? "unique" : ""}, at integer, author text, text text)`);
const insert = database.prepare("insert into messages select ?, coalesce(max(seq), 0) + 1, ?, ?, ?, ? from messages where room = ? returning *");
const after = database.prepare("select * from messages where room = ? and seq > ? order by rowid");
const rowsAfter = (room: string, seq: number): Row[] => after.all(room, seq) as unknown as Row[];

const http = createServer();
const hasRecovery = setup.way === "recovery" || setup.way === "tutorial";
const io = new Server(http, { path: "/chat/socket.io", ...(hasRecovery && { connectionStateRecovery: {} }) });

io.on("connection", (socket: Socket) => {
  const { rooms, read }: { rooms: string[]; read: Record<string, number> } = socket.handshake.auth as never;
  void socket.join(rooms);
  socket.on("message", ({ room, id, author, text }: Wish, acknowledge?: (seq: number) => void) => {
    let row: Row;
    try {
      row = insert.get(room, id, Date.now(), author, text, room) as unknown as Row;
    } catch (error) {
      if (!isUnique) throw error;
      // Inserted before: the client did not hear the answer.
      return acknowledge?.(0);
    }
    io.to(room).emit("message", row);
    acknowledge?.(row.seq);
  });
  socket.on("history", (room: string, acknowledge: (rows: Row[]) => void) => acknowledge(rowsAfter(room, 0)));
  if (setup.way === "tutorial" && !socket.recovered) for (const room of rooms) for (const row of rowsAfter(room, read[room] ?? 0)) socket.emit("message", row);
});
await once(http.listen(setup.port, "127.0.0.1"), "listening");

function dump(room: string): RoomDump {
  const rows = rowsAfter(room, 0);
  const events = rows.map(({ seq, id, at, author, text }): RoomEvent => ({ type: "message.sent", seq, id, at, author: { id: author, name: author }, text }));
  return { room, epoch: "plain", events, messages: [] };
}

answer<NodeTable>({
  port() {
    const address = http.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  },
  dump: async (rooms: readonly string[]) => rooms.map(dump),
  async resources() {
    const connections = await new Promise<number>((resolve, reject) => http.getConnections((error, count) => (error ? reject(error) : resolve(count))));
    return { rss: process.memoryUsage().rss, connections };
  },
  complaints: () => [],
  fillDisk() {},
  freeDisk() {},
  close: async () => void (await io.close()),
});
