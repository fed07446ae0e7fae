import * as z from "zod/mini";

// What the observer reads of the wire, said here a second time on purpose: it must not lean on what it watches.

const event = z.looseObject({ seq: z.number(), id: z.string(), type: z.string(), text: z.optional(z.string()), messageId: z.optional(z.string()), emoji: z.optional(z.string()) });
export type WireEvents = z.infer<typeof event>[];

/** A `room:events`. */
export const pushShape = z.looseObject({ roomId: z.string(), epoch: z.string(), events: z.array(event) });

/** One command, as it is asked and as it is kept. */
export const writeShape = z.looseObject({ name: z.string(), input: z.looseObject({ roomId: z.string(), id: z.string(), text: z.optional(z.string()), messageId: z.optional(z.string()), emoji: z.optional(z.string()) }) });

/** The input of a `room:write`. */
export const writesShape = z.looseObject({ roomId: z.string(), writes: z.array(writeShape) });

/** The input of a `room:join` or `room:sync`. */
export const askedAfterShape = z.looseObject({ roomId: z.string(), after: z.optional(z.looseObject({ seq: z.number() })) });

const catchUp = { kind: z.optional(z.string()), epoch: z.optional(z.string()), head: z.optional(z.number()), reason: z.optional(z.string()), events: z.optional(z.array(event)) };
const result = z.looseObject({ ok: z.boolean(), data: z.optional(z.looseObject({ event: z.optional(z.looseObject({ seq: z.number() })) })) });

/** Any acknowledgement that the observer cares for. */
export const replyShape = z.union([
  z.looseObject({ ok: z.literal(true), data: z.looseObject({ ...catchUp, catchUp: z.optional(z.looseObject(catchUp)), results: z.optional(z.array(result)) }) }),
  z.looseObject({ ok: z.literal(false) }),
]);
