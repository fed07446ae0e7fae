import { chatErrorFrom, type ChatError } from "@chat-widget/protocol";

/** Why a server will not have pages of this origin: a browser hides the reason of a refused connection from the page, so it is asked for. `undefined` when the server allows it, or cannot be asked. */
export async function askAccess(url: string): Promise<ChatError | undefined> {
  try {
    const response = await fetch(`${url}/access`, { credentials: "omit" });
    const answer: unknown = await response.json();
    if (typeof answer !== "object" || answer === null || !("allowed" in answer) || answer.allowed !== false) return undefined;
    return chatErrorFrom("error" in answer ? answer.error : undefined);
  } catch {
    // Not reachable: then it is the network, which the connection goes on trying.
    return undefined;
  }
}
