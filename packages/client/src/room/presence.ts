import type { Presence, Signal } from "@chat-widget/protocol";

/** Who is here after some came and went. */
export function withPresenceChange(presence: Presence, { count, joined, left }: Signal<"presence:changed">): Presence {
  const gone = new Set([...left, ...joined.map(({ id }) => id)]);
  return { count, users: [...presence.users.filter(({ id }) => !gone.has(id)), ...joined] };
}
