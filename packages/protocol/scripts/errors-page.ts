import type { Contract } from "./contract.ts";
import { anchorOf, table } from "./markdown.ts";

const retries: Record<Contract["errors"][number]["retry"], string> = {
  no: "Do not ask again; the answer stays the same.",
  same: "Ask the same again with the same id.",
  reauth: "Ask the same again after a new sign-in.",
  reset: "Read a new snapshot first.",
};

/** `docs/errors.md`: what each code means and what to do. */
export function errorsPageOf({ errors }: Contract): string {
  return `${[
    "# Errors",
    "<!-- Written by packages/protocol/scripts/generate.ts from packages/protocol/src/error-codes.ts. Do not edit. -->",
    `Every error is a \`ChatError\` with \`code\`, \`message\` ("unable to X; reason", for developers), \`retry\`, and sometimes \`retryAfterMs\` and \`details\`.
\`retry\` travels with the error, so that a client can handle a code it does not know:`,
    table(["retry", "means"], Object.entries(retries).map(([retry, meaning]) => [`\`${retry}\``, meaning])),
    table(["code", "retry", "means"], errors.map(({ code, retry, doc }) => [`[\`${code}\`](#${anchorOf(code)})`, `\`${retry}\``, doc.text])),
    ...errors.map(({ code, retry, doc }) =>
      [`## ${code}`, doc.text, [`- Made by: ${doc.tags["madeBy"] ?? ""}`, `- Asking again: ${retries[retry]}`, `- What to do: ${doc.tags["remedy"] ?? ""}`].join("\n")].join("\n\n"),
    ),
  ].join("\n\n")}\n`;
}
