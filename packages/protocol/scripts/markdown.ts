import type { JsonSchema } from "./json-schema.ts";

export const json = (value: unknown) => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;

/** A table; cells may hold anything but line breaks. */
export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

/** Where GitHub puts the anchor of a heading. */
export function anchorOf(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(/\s/g, "-");
}

const definitionOf = ($ref: string) => $ref.slice($ref.lastIndexOf("/") + 1);

/** A schema in a few words: `string, 1 to 64 characters`, a link for a definition, `X[]` for a list. */
export function typeOf(schema: JsonSchema): string {
  const { $ref, enum: members, items, type } = schema;
  // What a command is given has no section of its own: it is in that of the command.
  if ($ref !== undefined) return `[${definitionOf($ref)}](#${anchorOf(definitionOf($ref).replace(/Input$/, ""))})`;
  if ("const" in schema) return code(schema.const);
  if (members) return members.map(code).join(" or ");
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return [...new Set(options.map((option, index) => (index > 0 && isPlainString(option) && options[0]?.enum ? "another string" : typeOf(option))))].join(" or ");
  if (items) return `list${boundsOf(schema.minItems, schema.maxItems, "items").replace(/^, (.*)$/, " ($1)")} of ${typeOf(items)}`;
  if (type === "object" && schema.additionalProperties && typeof schema.additionalProperties === "object") return `object of ${typeOf(schema.additionalProperties)}`;
  if (schema.format === "uuid") return "UUID";
  if (type === "string") return `${schema.format === "uri" ? "URL" : "string"}${boundsOf(schema.minLength, schema.maxLength, "characters")}`;
  if (type === "integer" || type === "number") return `${type}${boundsOf(schema.exclusiveMinimum === 0 ? 1 : schema.minimum, schema.maximum, "")}`;
  return type ?? "anything";
}

/** The rows of an object's keys: name, type, whether it must be there, what it is. Objects without a name of their own are opened up. */
export function keyRows(schema: JsonSchema, describe: ($ref: string) => string, prefix = ""): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, value]) => {
    const within = value.items?.properties ? value.items : value;
    const isOpen = within.properties !== undefined;
    const type = isOpen ? (within === value ? "object" : "list of objects") : typeOf(value);
    const doc = value.description ?? (value.$ref === undefined ? "" : describe(definitionOf(value.$ref)));
    const row = [`\`${prefix}${name}\``, type, schema.required?.includes(name) ? "yes" : "", doc];
    return isOpen ? [row].concat(keyRows(within, describe, `${prefix}${name}${within === value ? "." : "[]."}`)) : [row];
  });
}

const code = (value: unknown) => `\`${JSON.stringify(value)}\``;
const isPlainString = ({ type, ...rest }: JsonSchema) => type === "string" && Object.keys(rest).length === 0;

function boundsOf(least: number | undefined, most: number | undefined, unit: string): string {
  const hasMost = most !== undefined && most < Number.MAX_SAFE_INTEGER;
  const words = [least === undefined ? "" : hasMost ? `${least} to ${most}` : `${least} or more`, least === undefined && hasMost ? `up to ${most}` : ""].join("");
  return words === "" ? "" : `, ${words}${unit === "" ? "" : ` ${unit}`}`;
}
