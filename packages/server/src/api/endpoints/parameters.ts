import { CommandId, RoomId, UserId } from "@chat-widget/protocol";
import * as z from "zod/mini";

/** A schema with what the description of the API says of it. */
export const described = <S extends z.ZodMiniType>(schema: S, text: string): S => schema.check(z.describe(text));

/** A number in a query, which is text. */
export const numberIn = (text: string, number: z.ZodMiniType<number, number>) => described(z.pipe(z.pipe(z.string().check(z.regex(/^\d{1,16}$/)), z.transform(Number)), number), text);

export const inRoom = z.strictObject({ roomId: described(RoomId, "The room; it need not exist yet.") });
export const ofUser = z.strictObject({ userId: UserId });
export const ofMember = z.strictObject({ roomId: RoomId, userId: UserId });
export const once = z.optional(described(CommandId, "A UUID of version 7. The same id asked twice has one effect; made up when left out."));
export const by = described(UserId, "In whose name: the id of a user, or a name of your own such as `moderation`.");
export const reason = z.optional(described(z.string().check(z.maxLength(1_000)), "For the audit log only."));
export const limit = z.optional(numberIn("How many at most; 50 when left out, 200 at most.", z.int().check(z.positive())));
