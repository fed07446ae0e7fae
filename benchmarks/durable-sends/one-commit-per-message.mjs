/**
 * The same store, used as one without group commit: each message is a transaction of its own, after the one before; `turnOf`
 * says among which rooms. What a room hands over together is still told together, which spares it frames that a server
 * without group commit would send.
 */
export function oneCommitPerMessage(store, turnOf) {
  const last = new Map();
  const inTurn = (roomId, write) => {
    const turn = turnOf(roomId);
    const written = (last.get(turn) ?? Promise.resolve()).then(write, write);
    last.set(turn, written);
    return written;
  };
  const append = async (roomId, appends) => (await Promise.all(appends.map((one) => inTurn(roomId, () => store.append(roomId, [one]))))).flat();
  return new Proxy(store, {
    get(target, name) {
      if (name === "append") return append;
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
