import * as z from "zod/mini";
import { ifReadable } from "./if-readable.js";
import { openList } from "./open-enum.js";
import { DisplayName, PictureUrl, UserId } from "./primitives.js";

/** A person as others see them. */
export const Profile = z.object({
  id: UserId,
  /** What they are called. */
  name: z.string().check(z.minLength(1), z.maxLength(256)),
  /** The address of a picture; a reader leaves out one it cannot use, so that it never costs a message. */
  avatarUrl: ifReadable(PictureUrl),
});
export type Profile = z.infer<typeof Profile>;

/** What a user may be; `authenticate` gives roles, the server's policy gives them meaning. */
export const Role = z.enum(["guest", "member", "moderator", "admin", "bot"]);
export type Role = z.infer<typeof Role>;

/** Who a connection speaks for, as the application tells the server. */
export const User = z.object({
  id: UserId,
  name: DisplayName,
  avatarUrl: z.optional(PictureUrl),
  /** What the user may be, in the whole application. */
  roles: z.array(Role).check(z.minLength(1), z.maxLength(8)),
  /** Ids under which the user wrote before: what these wrote is theirs. */
  formerIds: z.optional(z.array(UserId).check(z.maxLength(10))),
});
export type User = z.infer<typeof User>;

/** The same as a client reads it; a role it does not know is left out. */
export const WireUser = z.extend(Profile, {
  /** What the user may be, in the whole application. */
  roles: openList(Role),
  /** Ids under which the user wrote before, as a guest who has signed in since: what these wrote is theirs. */
  formerIds: ifReadable(z.array(UserId)),
});
