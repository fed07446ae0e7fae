import type { EventType } from "@chat-widget/protocol";

/** An address of the application that is told what happens in rooms. */
export interface Webhook {
  /** Where it is told, with POST. Redirects are not followed. */
  url: string;
  /** Signs what is told, so that the receiver knows it is from here: `whsec_` and at least 24 random bytes as base64. */
  secret: string;
  /** The kinds of events it is told of; all when left out. */
  events?: readonly EventType[];
  /** Names it for as long as it lives, so that its address may change; the address when left out. */
  name?: string;
}

const secretPrefix = "whsec_";
const leastSecretBytes = 24;

/** What is wrong with a list of webhooks, as a sentence; undefined when nothing is. */
export function faultOf(webhooks: unknown, eventTypes: readonly string[]): string | undefined {
  if (!Array.isArray(webhooks)) return '`webhooks` must be a list, such as `[{ url: "https://www.example.com/chat-events", secret: "whsec_…" }]`';
  const names = new Set<string>();
  for (const webhook of webhooks.map((entry: unknown) => ({ ...(typeof entry === "object" ? entry : undefined) }) as Record<string, unknown>)) {
    const { url, secret, events, name = url, ...unknown } = webhook;
    const [stranger] = Object.keys(unknown);
    if (stranger !== undefined) return `a webhook has no \`${stranger}\`; it has url, secret, events and name`;
    if (typeof url !== "string" || !/^https?:\/\//.test(url) || !URL.canParse(url)) return "the `url` of a webhook must be an address with http or https";
    if (typeof secret !== "string" || !isSecret(secret)) return `the \`secret\` of a webhook must be "${secretPrefix}" and at least ${leastSecretBytes} random bytes as base64; \`openssl rand -base64 32\` makes some`;
    if (events !== undefined && !(Array.isArray(events) && events.every((type) => eventTypes.includes(type)))) return `the \`events\` of a webhook must be a list of ${eventTypes.join(", ")}`;
    if (typeof name !== "string" || name === "" || /\p{C}/u.test(name)) return "the `name` of a webhook must be a text without control characters";
    if (names.has(name)) return `two webhooks are called ${name}; give one of them another \`name\``;
    names.add(name);
  }
  return undefined;
}

/** The bytes of a secret. */
export function keyOf(secret: string): Buffer {
  return Buffer.from(secret.slice(secretPrefix.length), "base64");
}

function isSecret(secret: string): boolean {
  return secret.startsWith(secretPrefix) && keyOf(secret).length >= leastSecretBytes;
}
