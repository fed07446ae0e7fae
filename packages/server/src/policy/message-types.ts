import { ChatError, StructuredData } from "@chat-widget/protocol";
import type * as z from "zod/mini";
import { type Clock, withDeadline } from "../clock.js";

/** What checks the data of one type of message: any validator that speaks Standard Schema, such as one of zod. */
export type DataSchema = z.core.$ZodType | Pick<z.core.$ZodType, "~standard">;

/** How long a validator may take. */
const deadlineMs = 10_000;

/** The data that users may put into messages: of the types the application named, and as its validators say. */
export class MessageTypes {
  readonly #schemas: ReadonlyMap<string, DataSchema>;
  readonly #clock: Clock;

  constructor(schemas: Readonly<Record<string, DataSchema>> | undefined, clock: Clock) {
    this.#schemas = new Map(Object.entries(schemas ?? {}));
    this.#clock = clock;
  }

  /** The data to be stored. @throws {ChatError} `forbidden`, `refused`, `too-large`, or `unavailable` when the validator cannot tell */
  async check({ type, value }: StructuredData): Promise<StructuredData> {
    const schema = this.#schemas.get(type);
    if (schema === undefined) throw new ChatError("forbidden", "unable to send; users may not send messages of this type");
    const result = await this.#validate(schema, value);
    if (result.issues !== undefined) {
      const places = result.issues.slice(0, 5).map(({ path }) => (path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join(".").slice(0, 100));
      throw new ChatError("refused", "unable to send; the message's data does not fit its type", { details: { issues: places } });
    }
    // A validator may change what it is given.
    const data = StructuredData.safeParse({ type, value: result.value });
    if (data.success) return data.data;
    throw new ChatError("too-large", "unable to send; the message's data is too large, or no object that JSON can carry");
  }

  async #validate(schema: DataSchema, value: object) {
    try {
      return await withDeadline(this.#clock, deadlineMs, (async () => schema["~standard"].validate(structuredClone(value)))(), () => new Error("the validator took too long"));
    } catch (cause) {
      throw new ChatError("unavailable", "unable to decide whether this may be sent; try again", { cause });
    }
  }
}
