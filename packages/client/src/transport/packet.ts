/** A packet of Engine.IO 4 with one of Socket.IO 5 in it, as far as a chat without binary data needs them. */
export type Packet =
  | { type: "open"; pingInterval: number; pingTimeout: number }
  | { type: "ping" }
  | { type: "connected" }
  | { type: "refused"; data: unknown; message: string }
  | { type: "event"; name: string; payload: unknown }
  | { type: "answer"; id: number; payload: unknown }
  | { type: "closed" };

const message = /^4([0-4])(?:\/[^,]*,)?(\d*)([\s\S]*)$/;

/** Reads one text frame; `undefined` for what says nothing. Throws on what is no packet. */
export function readPacket(frame: string): Packet | undefined {
  if (frame === "2") return { type: "ping" };
  if (frame === "1") return { type: "closed" };
  if (frame.startsWith("0")) return { type: "open", ...JSON.parse(frame.slice(1)) };
  const [, type, id, text] = message.exec(frame) ?? [];
  const data: unknown = text ? JSON.parse(text) : undefined;
  const [first, second]: unknown[] = Array.isArray(data) ? data : [];
  switch (type) {
    case "0":
      return { type: "connected" };
    case "1":
      return { type: "closed" };
    case "2":
      return typeof first === "string" ? { type: "event", name: first, payload: second } : undefined;
    case "3":
      return { type: "answer", id: Number(id), payload: first };
    case "4":
      return { type: "refused", data: field(data, "data"), message: String(field(data, "message")) };
    default:
      return undefined;
  }
}

function field(data: unknown, name: string): unknown {
  return typeof data === "object" && data !== null ? Reflect.get(data, name) : undefined;
}
