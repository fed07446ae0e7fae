import type { Endpoint } from "./endpoint.js";

/** An endpoint and the names found in the path it was asked by. */
export interface Match {
  endpoint: Endpoint;
  params: Record<string, string>;
}

/** The endpoints of a path, by method; empty when there is none. */
export function match(endpoints: readonly Endpoint[], path: string): ReadonlyMap<string, Match> {
  const given = path.split("/").map(decode);
  const matches = new Map<string, Match>();
  for (const endpoint of endpoints) {
    const params = paramsOf(endpoint.path.slice(1).split("/"), given);
    if (params !== undefined) matches.set(endpoint.method, { endpoint, params });
  }
  return matches;
}

function paramsOf(template: readonly string[], given: readonly (string | undefined)[]): Record<string, string> | undefined {
  if (template.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const value = given[index];
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (value === undefined || (name === undefined && value !== part)) return undefined;
    if (name !== undefined) params[name] = value;
  }
  return params;
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
