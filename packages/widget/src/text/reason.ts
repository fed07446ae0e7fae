import type { ChatError } from "@chat-widget/protocol";
import type { Translation } from "../i18n/translation.js";

/** Why something failed, in words for the visitor: the application's own where it gave some. */
export function reasonOf({ code, details }: ChatError, { errors }: Translation): string {
  const given = details?.["reason"];
  return code === "refused" && typeof given === "string" ? given : (errors[code] ?? errors.internal);
}
