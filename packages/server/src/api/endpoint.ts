import * as z from "zod/mini";
import { ChatError } from "@chat-widget/protocol";
import type { ApiGround } from "./api-ground.js";

type Shape = z.ZodMiniObject;
type Of<S extends Shape | undefined> = S extends Shape ? z.output<S> : undefined;

/** What an endpoint is given: the names in its path, its query, its body. */
export interface ApiInput {
  params: unknown;
  query: unknown;
  body: unknown;
}

/** One thing the HTTP API can do. */
export interface Endpoint {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below `/api`, with names in braces. */
  path: string;
  /** Names it in the description of the API. */
  operationId: string;
  summary: string;
  params: Shape;
  query: Shape | undefined;
  body: Shape | undefined;
  status: 200 | 201 | 204;
  /** What comes back, or each of many; nothing with status 204. */
  answer: z.ZodMiniType | undefined;
  /** `lines` when many come back, each in a line of its own. */
  form: "one" | "lines";
  /** Gives what comes back, or an `AsyncIterable` of the many. @throws {ChatError} `invalid` when the input does not fit */
  run(ground: ApiGround, input: ApiInput): Promise<unknown>;
}

interface Definition<P extends Shape, Q extends Shape | undefined, B extends Shape | undefined> extends Pick<Endpoint, "method" | "path" | "operationId" | "summary" | "status"> {
  params: P;
  query?: Q;
  body?: B;
  answer?: z.ZodMiniType;
  form?: "one" | "lines";
  run(ground: ApiGround, input: { params: Of<P>; query: Of<Q>; body: Of<B> }): Promise<unknown>;
}

/** An endpoint whose input is read by its schemas. */
export function endpoint<P extends Shape, Q extends Shape | undefined = undefined, B extends Shape | undefined = undefined>(definition: Definition<P, Q, B>): Endpoint {
  const { params, query, body, answer, form = "one", run, ...rest } = definition;
  return {
    ...rest,
    params,
    query,
    body,
    answer,
    form,
    run: (ground, input) => run(ground, { params: read("the path", params, input.params), query: read("the query", query, input.query), body: read("the body", body, input.body) }),
  };
}

function read<S extends Shape | undefined>(where: string, schema: S | undefined, given: unknown): Of<S>;
function read(where: string, schema: Shape | undefined, given: unknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = z.safeParse(schema, given);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 5).map(({ path, code }) => `${path.map(String).join(".").slice(0, 100) || "all of it"}: ${code}`);
  throw new ChatError("invalid", `unable to answer; ${where} does not fit the description of the API`, { details: { issues } });
}
