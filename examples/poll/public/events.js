// @ts-check
import { defineEvents } from "@chat-widget/client";
import * as z from "zod/mini";

/** What happens here beside messages; the server and the page read this same file. */
export const events = defineEvents({
  "poll.opened": {
    data: z.strictObject({ question: z.string().check(z.maxLength(200)), options: z.array(z.string().check(z.maxLength(80))).check(z.minLength(2), z.maxLength(10)) }),
    durable: true,
    from: "server",
  },
  "poll.voted": { data: z.strictObject({ poll: z.string(), option: z.int().check(z.minimum(0), z.maximum(9)) }), durable: true },
  /** In parts of the page's width and height. */
  "cursor.moved": { data: z.strictObject({ x: z.number().check(z.minimum(0), z.maximum(1)), y: z.number().check(z.minimum(0), z.maximum(1)) }), durable: false },
});
