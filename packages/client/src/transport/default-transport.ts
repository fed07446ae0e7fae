import { ChatError } from "@chat-widget/protocol";
import type { Clock } from "../clock.js";
import type { SocketAddress } from "./socket-address.js";
import type { Link, Transport, TransportListener } from "./transport.js";
import { webSocketTransport } from "./web-socket-transport.js";

/** WebSocket where there is one and it gets through; else Socket.IO's client, which is loaded only then, over what is left. */
export function defaultTransport(address: SocketAddress, clock: Clock): Transport {
  if (typeof WebSocket === "undefined") return { connect: (handshake, listener) => lateLink((late) => loadSocketIo(address, ["websocket", "polling"], (transport) => late(transport.connect(handshake, listener)), listener)) };
  const webSocket = webSocketTransport(address, clock);
  let hasWorked = false;
  return {
    connect: (handshake, listener) =>
      lateLink((late) => {
        const fallBack = () => loadSocketIo(address, ["polling"], (transport) => late(transport.connect(handshake, listener)), listener);
        late(
          webSocket.connect(handshake, {
            onEvent(name, payload) {
              hasWorked = true;
              listener.onEvent(name, payload);
            },
            onClose(error) {
              // A server that answers has no need of another way; a way that worked once will again.
              if (hasWorked || error.code !== "unavailable") listener.onClose(error);
              else void fallBack();
            },
          }),
        );
      }),
  };
}

async function loadSocketIo(address: SocketAddress, transports: ("websocket" | "polling")[], use: (transport: Transport) => void, listener: TransportListener): Promise<void> {
  try {
    const { socketIoTransport } = await import("./socket-io-transport.js");
    use(socketIoTransport(address, transports));
  } catch (cause) {
    listener.onClose(new ChatError("unavailable", "unable to connect; the code for it could not be loaded", { cause }));
  }
}

/** A link that becomes another one while it is being opened. */
function lateLink(open: (late: (link: Link) => void) => unknown): Link {
  let link: Link | undefined;
  let isClosed = false;
  open((opened) => {
    link = opened;
    if (isClosed) link.close();
  });
  return {
    request: (name, input, timeoutMs) => link?.request(name, input, timeoutMs) ?? Promise.reject(new ChatError("unavailable", `unable to ask ${name}; not connected`)),
    close() {
      isClosed = true;
      link?.close();
    },
  };
}
