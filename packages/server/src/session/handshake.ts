import * as z from "zod/mini";
import { ChatError, Handshake, supportedProtocolVersions } from "@chat-widget/protocol";

const Spoken = z.object({ protocol: z.array(z.number()) });

/** What a client said of itself, and the protocol version to speak with it. @throws {ChatError} `unsupported-version` or `invalid` */
export function readHandshake(raw: unknown): { handshake: Handshake; protocol: number } {
  // Looked at first, so that a client of another version hears that and not what its version changed.
  const spoken = Spoken.safeParse(raw);
  const protocol = spoken.success ? supportedProtocolVersions.find((version) => spoken.data.protocol.includes(version)) : undefined;
  if (spoken.success && protocol === undefined) {
    const spokenHere = supportedProtocolVersions.join(" or ");
    throw new ChatError("unsupported-version", `unable to connect; the server speaks version ${spokenHere} of the protocol`);
  }
  const parsed = Handshake.safeParse(raw);
  if (!parsed.success || protocol === undefined) throw new ChatError("invalid", "unable to connect; the handshake does not fit the contract");
  return { handshake: parsed.data, protocol };
}

/** An error as Socket.IO hands it to a refused client: what travels is under `data`. */
export function toConnectError(error: ChatError): Error {
  return Object.assign(new Error(error.message), { data: error.toJSON() });
}
