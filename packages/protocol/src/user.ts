import * as z from "zod/mini";
import { PictureUrl, UserId } from "./primitives.js";

/** A person as others see them. */
export const Profile = z.object({
  id: UserId,
  name: z.string().check(z.minLength(1), z.maxLength(256)),
  avatarUrl: z.optional(PictureUrl),
});
export type Profile = z.infer<typeof Profile>;

/** What a user may be; `authenticate` gives roles, the server's policy gives them meaning. */
export const Role = z.enum(["guest", "member", "moderator", "admin", "bot"]);
export type Role = z.infer<typeof Role>;

/** Who a connection speaks for, as the server knows them. */
export const User = z.extend(Profile, { roles: z.array(Role).check(z.minLength(1), z.maxLength(8)) });
export type User = z.infer<typeof User>;
