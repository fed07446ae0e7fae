import { expect, it } from "vitest";
import { matcherOf, nameOf, parseNetwork } from "./network.js";

it.each([
  ["203.0.113.7", "203.0.113.7", ["203.0.113.7"], ["203.0.113.8", "2001:db8::/64", ""]],
  ["203.0.113.0/24", "203.0.113.0/24", ["203.0.113.0", "203.0.113.255"], ["203.0.114.0"]],
  ["203.0.113.9/24", "203.0.113.0/24", ["203.0.113.1"], ["203.0.112.1"]],
  ["::ffff:203.0.113.7", "203.0.113.7", ["203.0.113.7"], ["203.0.113.8"]],
  ["2001:DB8:0:0::7", "2001:db8::/64", ["2001:db8:0:0::/64"], ["2001:db8:0:1::/64", "203.0.113.7"]],
  ["2001:db8:ffff:ffff:1:2:3:4/44", "2001:db8:fff0::/44", ["2001:db8:fff0:0::/64", "2001:db8:ffff:1::/64"], ["2001:db8:ffe0:0::/64"]],
  ["2001:db8::/32", "2001:db8::/32", ["2001:db8:ffff:ffff::/64"], ["2001:db9:0:0::/64"]],
])("reads %s", (text, name, inside, outside) => {
  const network = parseNetwork(text);
  if (network === undefined) throw new Error("it was not read");
  expect(nameOf(network)).toBe(name);
  const matches = matcherOf(network);
  for (const address of inside) expect(matches(address), address).toBe(true);
  for (const address of outside) expect(matches(address), address).toBe(false);
});

it.each(["", "bob", "203.0.113", "203.0.113.7/33", "0.0.0.0/0", "10.0.0.0/7", "::/0", "2001::/15", "2001:db8::/129", "fe80::1%eth0", "203.0.113.7/-1", "1.2.3.4/8/8"])("refuses %j", (text) => {
  expect(parseNetwork(text)).toBeUndefined();
});
