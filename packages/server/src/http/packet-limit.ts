import type { Socket as Connection } from "engine.io";
import type { Clock } from "../clock.js";
import { type Rate, TokenBucket } from "../token-bucket.js";

/** Cuts a connection that sends too many packets of any kind, answers to pings and empty ones included. */
export function limitPackets(connection: Connection, rate: Rate, clock: Clock): void {
  const bucket = new TokenBucket(rate, clock);
  connection.on("packet", () => {
    if (bucket.take() > 0) connection.close(true);
  });
}
