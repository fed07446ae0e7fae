/**
 * A Redis client (of `redis` or `ioredis`) as an adapter may use it. Adapters do not look at what becomes of what they send, and
 * Node ends a process in which a failure is looked at by nobody: without this, a Redis that goes away takes the server with it.
 *
 * @example
 * createChatServer(server, { store, adapter: createAdapter(forAdapter(pub), forAdapter(sub)) });
 */
export function forAdapter<C extends object>(client: C): C {
  return new Proxy(client, {
    get(target, name) {
      // The client itself as receiver: its private fields are not the proxy's.
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...input: unknown[]): unknown => {
        const result: unknown = Reflect.apply(value, target, input);
        if (result instanceof Promise) result.catch(() => undefined);
        return name === "duplicate" && typeof result === "object" && result !== null ? forAdapter(result) : result;
      };
    },
  });
}
