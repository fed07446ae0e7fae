import { type Attachment, ChatError, type Message, Text, type User } from "@chat-widget/protocol";
import { type Clock, withDeadline } from "../clock.js";
import type { Logger } from "../logger.js";

/** What a {@link Moderate} is asked. */
export interface ModerateRequest {
  /** Who wrote it. */
  user: User;
  roomId: string;
  command: "message:send" | "message:edit";
  text: string;
  /** The message whose text it is to become; only with `message:edit`. */
  message?: Message;
  /** The files that are sent with it, as the server found them; the text may be empty then. */
  attachments?: Attachment[];
}

/** What is to become of a text: nothing lets it through as it is, `text` stores another one, `flag` stores it and puts it among the reports that moderators look at, with why, and `refuse` stores none and tells its author why, in words for them. */
export type Verdict = { text: string; flag?: string } | { flag: string } | { refuse: string } | undefined;

/** What is to be stored, and why moderators should look at it, if they should. */
export interface PassedText {
  text: string;
  flag?: string;
}

/** Looks at what users write before it is stored. The same text may be shown again when its author asks again. */
export type Moderate = (request: ModerateRequest) => Verdict | Promise<Verdict>;

/** How long a `moderate` may take. */
const deadlineMs = 10_000;
/** UTF-16 code units of a reason that travel. */
const reasonLength = 500;

interface ModerationOptions {
  moderate: Moderate | undefined;
  clock: Clock;
  logger: Logger;
}

/** Has the application look at what users write. What it cannot tell in time is not stored, and may be asked again. */
export class Moderation {
  readonly #options: ModerationOptions;

  constructor(options: ModerationOptions) {
    this.#options = options;
  }

  /** What is to be stored. @throws {ChatError} `refused`, or `unavailable` when the application cannot decide */
  async review(request: ModerateRequest): Promise<PassedText> {
    const { moderate, clock, logger } = this.#options;
    if (moderate === undefined) return { text: request.text };
    const verdict = await ask(moderate, request, clock);
    if (verdict === undefined) return { text: request.text };
    if (isRecord(verdict) && typeof verdict["refuse"] === "string") {
      throw new ChatError("refused", "unable to write; the rules of this chat do not allow it", { details: { reason: verdict["refuse"].slice(0, reasonLength) } });
    }
    const reviewed = readReviewed(verdict, request.text);
    if (reviewed !== undefined) return reviewed;
    logger.error({ command: request.command }, 'refused what a user wrote; `moderate` must give undefined, { text: "…" }, { flag: "…" } or { refuse: "…" }');
    throw new ChatError("unavailable", "unable to decide whether this may be written; try again");
  }
}

/** Undefined when it is no verdict. */
function readReviewed(verdict: unknown, written: string): PassedText | undefined {
  if (!isRecord(verdict)) return undefined;
  const { flag, text = flag === undefined ? undefined : written } = verdict;
  const toStore = Text.safeParse(text);
  if (!toStore.success || (flag !== undefined && typeof flag !== "string")) return undefined;
  return { text: toStore.data, ...(flag !== undefined && { flag: flag.slice(0, reasonLength) }) };
}

async function ask(moderate: Moderate, request: ModerateRequest, clock: Clock): Promise<unknown> {
  try {
    // A message of its own: the store's is not the application's to change.
    return await withDeadline(clock, deadlineMs, (async (): Promise<unknown> => moderate(structuredClone(request)))(), () => new Error("`moderate` took too long"));
  } catch (cause) {
    if (ChatError.is(cause)) throw cause;
    throw new ChatError("unavailable", "unable to decide whether this may be written; try again", { cause });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
