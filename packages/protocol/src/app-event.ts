import * as z from "zod/mini";
import { boundedJson } from "./bounded-json.js";

/** Names an event of the application, as in `poll.opened`. */
export const EventName = z.string().check(z.maxLength(64), z.regex(/^[a-z][\w-]*(?:\.[\w-]+)*$/i));

/** What a lasting event of the application may carry. */
export const PublishedData = boundedJson(8_192);
