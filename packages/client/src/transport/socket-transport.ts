import { ChatError, WireError, type Handshake } from "@chat-widget/protocol";
import { io } from "socket.io-client";
import type { Link, Transport, TransportListener } from "./transport.js";

/** Where a chat server listens. */
export interface SocketAddress {
  /** Scheme, host and port. */
  origin: string;
  /** The path of its Socket.IO. */
  path: string;
  namespace: string;
}

/** Socket.IO, WebSocket first. Reconnecting, buffering and retrying are left to the engine, which knows what may be repeated. */
export function socketTransport({ origin, path, namespace }: SocketAddress): Transport {
  return {
    connect(handshake: Handshake, { onEvent, onClose }: TransportListener): Link {
      const socket = io(origin + namespace, {
        path,
        auth: handshake,
        transports: ["websocket", "polling"],
        tryAllTransports: true,
        reconnection: false,
        forceNew: true,
        withCredentials: true,
      });
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
      socket.on("connect_error", (error) => end(refusal(error)));
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

/** A server that refuses says why in `data`; anything else is the network's. */
function refusal(error: Error & { data?: unknown }): ChatError {
  const wire = WireError.safeParse(error.data);
  return wire.success ? new ChatError(wire.data) : new ChatError("unavailable", `unable to connect; ${error.message}`, { cause: error });
}
