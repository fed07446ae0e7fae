import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect, it } from "vitest";
import { clientAddress } from "./client-address.js";

function addressOf(remoteAddress: string, proxies: number, forwarded?: string): string {
  const request = new IncomingMessage(Object.defineProperty(new Socket(), "remoteAddress", { value: remoteAddress }));
  if (forwarded !== undefined) request.headers["x-forwarded-for"] = forwarded;
  return clientAddress(request, proxies);
}

it.each([
  ["the socket's when there is no proxy, whatever the header says", "203.0.113.9", 0, "198.51.100.7", "203.0.113.9"],
  ["what the one proxy wrote", "10.0.0.1", 1, "198.51.100.7", "198.51.100.7"],
  ["what the one proxy wrote, and not what came to it", "10.0.0.1", 1, "1.1.1.1, 2.2.2.2, 198.51.100.7", "198.51.100.7"],
  ["what the further of two proxies wrote", "10.0.0.1", 2, "1.1.1.1, 198.51.100.7, 10.0.0.2", "198.51.100.7"],
  ["the socket's when fewer proxies wrote than there are", "10.0.0.1", 2, "198.51.100.7", "10.0.0.1"],
  ["the socket's when a proxy wrote nothing", "10.0.0.1", 1, undefined, "10.0.0.1"],
  ["the socket's when a proxy wrote no address", "10.0.0.1", 1, "unknown", "10.0.0.1"],
  ["one without its port", "10.0.0.1", 1, "198.51.100.7:4711", "198.51.100.7"],
  ["one without brackets and port", "10.0.0.1", 1, "[2001:db8:1:2:3::4]:4711", "2001:db8:1:2::/64"],
  ["an IPv4 address that is written as IPv6", "::ffff:203.0.113.9", 0, undefined, "203.0.113.9"],
  ["a network of IPv6", "2001:DB8:1:2:3:4:5:6", 0, undefined, "2001:db8:1:2::/64"],
  ["a network of IPv6 that is written short", "2001:db8::6", 0, undefined, "2001:db8:0:0::/64"],
  ["this machine", "::1", 0, undefined, "0:0:0:0::/64"],
])("takes %s", (_what, remoteAddress, proxies, forwarded, expected) => {
  expect(addressOf(remoteAddress, proxies, forwarded)).toBe(expected);
});
