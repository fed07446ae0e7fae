import { ChatError } from "@chat-widget/protocol";
import { io } from "socket.io-client";
import { refusalOf } from "./refusal.js";
import type { SocketAddress } from "./socket-address.js";
import type { Transport } from "./transport.js";

/** Socket.IO's own client. Its reconnecting, buffering and retrying stay off: the engine knows what may be repeated. */
export function socketIoTransport({ origin, path, namespace }: SocketAddress, transports: ("websocket" | "polling")[]): Transport {
  return {
    connect(handshake, { onEvent, onClose }) {
      const socket = io(origin + namespace, { path, auth: handshake, transports, tryAllTransports: true, reconnection: false, forceNew: true, withCredentials: true });
      let isOver = false;
      const end = (error: ChatError) => {
        if (isOver) return;
        isOver = true;
        socket.disconnect();
        onClose(error);
      };
      socket.onAny((name: string, payload: unknown) => {
        if (!isOver) onEvent(name, payload);
      });
      socket.on("connect_error", (error: Error & { data?: unknown }) => end(refusalOf(error.data, error.message)));
      socket.on("disconnect", (reason) => end(new ChatError("unavailable", `unable to stay connected; ${reason}`)));
      return {
        request: (name, input, timeoutMs) => socket.timeout(timeoutMs).emitWithAck(name, input),
        close() {
          isOver = true;
          socket.disconnect();
        },
      };
    },
  };
}
