import { ChatError, type CommandName } from "@chat-widget/protocol";
import type { CommandContext } from "../commands/command-context.js";
import { handlers } from "../commands/handlers.js";
import type { RateLimit } from "./rate-limit.js";

/** The acknowledgement of any command. */
export type AnyReply = { ok: true; data: unknown } | { ok: false; error: ChatError };

/** Runs something in its turn: after what was asked about the same room before. */
export type InTurn = <T>(roomId: string | undefined, run: () => Promise<T>) => Promise<T>;

/** Who is counted besides the user. */
export interface Asker {
  rateLimit: RateLimit;
  /** Missing where addresses are not counted. */
  address: string | undefined;
}

/** The command of this name, if there is one; looked up so that no name reaches what objects inherit. */
export function commandNamed(name: unknown): CommandName | undefined {
  return typeof name === "string" && isCommandName(name) ? name : undefined;
}

function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(handlers, name);
}

/** Runs one command and always answers: may they ask so often, does it fit the contract, then its handler. Answers in its turn. Never rejects. */
export async function runCommand(
  name: CommandName,
  raw: unknown,
  context: CommandContext,
  { rateLimit, address }: Asker,
  inTurn: InTurn,
  reply: (answer: AnyReply) => void,
): Promise<void> {
  try {
    const retryAfterMs = rateLimit.take(context.user.id, address, name, raw);
    if (retryAfterMs > 0) {
      // A whisper too many is not worth an error: the next one says the same.
      if (name === "typing:set" || name === "event:whisper") return reply({ ok: true, data: {} });
      throw new ChatError("rate-limited", `unable to run ${name}; it is asked too often`, { retryAfterMs });
    }
    const command = handlers[name](name, raw);
    await inTurn(command.roomId, async () => reply({ ok: true, data: await command.run(context) }));
  } catch (error) {
    reply({ ok: false, error: context.explain(error) });
  }
}
