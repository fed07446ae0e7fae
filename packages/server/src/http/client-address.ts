import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

/**
 * The address a request comes from, as limits count it: an IPv4 address, or the network of an IPv6 address, since every
 * household and every rented server has a whole one. Of `X-Forwarded-For` only what the nearest proxies wrote is
 * believed; whoever asks can write the rest.
 */
export function clientAddress({ headers, socket }: IncomingMessage, proxies: number): string {
  const forwarded = headers["x-forwarded-for"];
  const hops = (typeof forwarded === "string" ? forwarded : "").split(",").map((hop) => hop.trim());
  const claimed = proxies > 0 ? withoutPort(hops.at(-proxies) ?? "") : "";
  const address = isIP(claimed) > 0 ? claimed : (socket.remoteAddress ?? "");
  return isIP(address) === 6 ? network(address) : address;
}

/** Some proxies add the port. */
function withoutPort(hop: string): string {
  return hop.replace(/^([\d.]+):\d+$/, "$1").replace(/^\[(.+)\](?::\d+)?$/, "$1");
}

/** The first 64 bits of an IPv6 address, or the IPv4 address that is written as one. */
function network(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = (address.split("%", 1)[0] ?? "").toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups = [...before, ...Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => "0"), ...after];
  return `${groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}
