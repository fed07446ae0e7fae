import type { Profile, User } from "@chat-widget/protocol";

/** What others see of a user. */
export function profileOf({ id, name, avatarUrl }: User): Profile {
  return { id, name, ...(avatarUrl !== undefined && { avatarUrl }) };
}
