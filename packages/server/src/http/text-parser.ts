import { Decoder, Encoder } from "socket.io-parser";

/** A decoder that takes no binary attachments; a packet that announces one closes its connection. */
class TextDecoder extends Decoder {
  constructor() {
    super({ maxAttachments: 0 });
  }
}

/** Socket.IO's own packet format without its binary half, which the chat has no use for. */
export const textParser = { Encoder, Decoder: TextDecoder };
