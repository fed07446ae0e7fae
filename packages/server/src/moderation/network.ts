import { BlockList, isIP } from "node:net";

/** The widest that may be banned, so that a slip of the keyboard does not lock everybody out. */
const leastPrefix = { ipv4: 8, ipv6: 16 } as const;
/** Of an IPv6 address the server knows its network only. */
const networkPrefix = 64;

/** Addresses that are told apart by how they begin. */
export interface Network {
  address: string;
  prefix: number;
  family: "ipv4" | "ipv6";
}

/** Reads `203.0.113.7`, `203.0.113.0/24` or `2001:db8::/48`; undefined when it is none of these or too wide. A single IPv6 address is its network of 64 bits, as limits count it. */
export function parseNetwork(text: string): Network | undefined {
  const [, address = "", bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text.trim().replace(/^::ffff:(?=[\d.]+$)/i, "")) ?? [];
  const family = isIP(address) === 4 ? "ipv4" : isIP(address) === 6 ? "ipv6" : undefined;
  if (family === undefined) return undefined;
  const most = family === "ipv4" ? 32 : 128;
  const prefix = bits === undefined ? most : Number(bits);
  if (prefix > most || prefix < leastPrefix[family]) return undefined;
  const length = family === "ipv4" ? prefix : Math.min(prefix, networkPrefix);
  return { address: beginningOf(address, length, family), prefix: length, family };
}

/** The first address of a network. */
function beginningOf(address: string, prefix: number, family: Network["family"]): string {
  if (family === "ipv4") return cut(address.split(".").map(Number), 8, prefix).join(".");
  const groups = cut(groupsOf(address), 16, prefix);
  return canonical(groups.map((group) => group.toString(16)).join(":"));
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): number[] {
  const [head = "", tail] = canonical(address).split("::");
  const before = head.split(":").filter((group) => group !== "");
  const after = (tail ?? "").split(":").filter((group) => group !== "");
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
}

/** Keeps the first bits of numbers that have so many each. */
function cut(numbers: readonly number[], bits: number, prefix: number): number[] {
  return numbers.map((number, index) => {
    const dropped = bits - Math.min(bits, Math.max(0, prefix - index * bits));
    return (number >> dropped) << dropped;
  });
}

/** The one way of writing an IPv6 address that a URL has. */
function canonical(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

/** As it is written everywhere: a single IPv4 address alone, a network with its prefix. */
export function nameOf({ address, prefix, family }: Network): string {
  return family === "ipv4" && prefix === 32 ? address : `${address}/${prefix}`;
}

/** What tells whether an address, or the network of one as {@link clientAddress} gives it, is in a network. */
export function matcherOf({ address, prefix, family }: Network): (clientAddress: string) => boolean {
  const list = new BlockList();
  list.addSubnet(address, prefix, family);
  return (clientAddress) => {
    const [ip = ""] = clientAddress.split("/");
    const kind = isIP(ip);
    return kind !== 0 && list.check(ip, kind === 4 ? "ipv4" : "ipv6");
  };
}
