import type { Namespace } from "socket.io";
import { Adapter } from "socket.io-adapter";
import type { Wire } from "../nodes/bus.js";

const eventName = "chat-widget:nodes";

/** The way to other nodes through a Socket.IO adapter; undefined when the adapter knows only this process. */
export function socketWire(namespace: Namespace): Wire | undefined {
  const { adapter } = namespace;
  if (adapter.serverSideEmit === Adapter.prototype.serverSideEmit) return undefined;
  return {
    send: (envelope) => void namespace.serverSideEmit(eventName, envelope),
    listen: (listener) => void namespace.on(eventName, listener),
    close: () => void namespace.removeAllListeners(eventName),
  };
}
