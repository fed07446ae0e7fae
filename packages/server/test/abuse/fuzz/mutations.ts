import * as fc from "fast-check";

/** Texts of JSON that some program somewhere could not bear. */
const hostile = [
  "null", "true", "false", "0", "-0", "-1", "1.5", "1e999", "9007199254740992", "1e-320", '""', "[]", "{}", '"lobby"', "[[]]", '["lobby"]',
  '"\\u0000"', '"\\ud800"', '"\\uffff"', '"\\u202e"', '"__proto__"', '"constructor"', '"\\u2028"', '"x\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301"',
  '{"__proto__":{"isAdmin":true}}', '{"toString":1}', '{"$gt":""}', '{"length":1e9}', '{"then":1}', '{"toJSON":1}', '{"_placeholder":true,"num":0}',
  JSON.stringify("x".repeat(129)),
  JSON.stringify("x".repeat(17_000)),
  `${"[".repeat(2_000)}${"]".repeat(2_000)}`,
  `[${"0,".repeat(500)}0]`,
];
const keys = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "then", "", "0", "length", "seq", "role", "k".repeat(300)];

interface Change {
  /** Which of the value's nodes, modulo their number. */
  node: number;
  kind: "swap" | "delete" | "add" | "nudge" | "double";
  text: string;
  key: string;
}

const changes: fc.Arbitrary<Change> = fc.record({
  node: fc.nat(),
  kind: fc.constantFrom("swap", "swap", "delete", "add", "nudge", "double"),
  text: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...hostile) }, { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) }),
  key: fc.constantFrom(...keys),
});

/** The JSON of values, about a fifth of them as they are and the rest changed in one place. */
export function mutated(values: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  return fc.tuple(values, fc.option(changes, { freq: 5 })).map(([value, change]) => (change === null ? JSON.stringify(value) : apply(JSON.stringify(value), change)));
}

function apply(json: string, { node, kind, text, key }: Change): string {
  const count = writtenNodes(JSON.parse(json)).length;
  const target = node % count;
  let at = -1;
  const write = (value: unknown): string => {
    at += 1;
    const isTarget = at === target;
    if (isTarget && kind === "swap") return skip(value, text);
    if (isTarget && kind === "nudge" && typeof value === "number") return JSON.stringify(value + 0.5);
    if (isTarget && kind === "nudge" && typeof value === "string") return JSON.stringify(value.slice(0, -1));
    if (Array.isArray(value)) {
      const items = value.map(write);
      if (isTarget && kind === "delete") items.pop();
      if (isTarget && kind === "add") items.push(text);
      if (isTarget && kind === "double") items.push(...items);
      return `[${items.join(",")}]`;
    }
    if (typeof value === "object" && value !== null) {
      const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`);
      if (isTarget && kind === "delete") members.splice(node % Math.max(1, members.length), 1);
      if (isTarget && kind === "add") members.push(`${JSON.stringify(key)}:${text}`);
      if (isTarget && kind === "double") members.push(...members);
      return `{${members.join(",")}}`;
    }
    return isTarget ? text : JSON.stringify(value);
  };
  // What is replaced has nodes of its own, which are passed over and still count.
  const skip = (value: unknown, replacement: string): string => {
    at += writtenNodes(value).length - 1;
    return replacement;
  };
  return write(JSON.parse(json));
}

/** A value and all that is in it. */
function writtenNodes(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [value];
  return [value, ...Object.values(value).flatMap(writtenNodes)];
}
