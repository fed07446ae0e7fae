import { Server } from "socket.io";

/** The chat of Socket.IO's tutorial, which inserts each message, tells it to everybody and acknowledges it; with rooms. */
export function plainChat(http, table) {
  const io = new Server(http, { connectionStateRecovery: {} });
  io.on("connection", (socket) => {
    const { room } = socket.handshake.auth;
    socket.join(room);
    socket.on("chat message", async (text, clientOffset, acknowledge) => {
      let id;
      try {
        id = await table.insert(room, text, clientOffset);
      } catch (error) {
        return acknowledge(error.message);
      }
      io.to(room).emit("chat message", text, id);
      acknowledge();
    });
  });
  return { stored: () => table.ids() };
}
