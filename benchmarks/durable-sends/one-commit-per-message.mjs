/**
 * The same store, used as one without group commit: each message is a transaction of its own, after the one before. Of
 * several stores on one database each has its rooms, so that as many transactions run at once. What a room hands over
 * together is still told together, which spares it frames that a server without group commit would send.
 */
export function oneCommitPerMessage(stores) {
  const [first] = stores;
  const lanes = stores.map((store) => ({ store, last: Promise.resolve() }));
  const inTurn = (lane, write) => {
    lane.last = lane.last.then(write, write);
    return lane.last;
  };
  const append = async (roomId, appends) => {
    const lane = lanes[Math.abs(hash(roomId)) % lanes.length];
    return (await Promise.all(appends.map((one) => inTurn(lane, () => lane.store.append(roomId, [one]))))).flat();
  };
  const open = async () => (await Promise.all(stores.map((store) => store.open())))[0];
  const close = async () => void (await Promise.all(stores.map((store) => store.close())));
  const own = { append, open, close };
  return new Proxy(first, {
    get(target, name) {
      if (Object.hasOwn(own, name)) return own[name];
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function hash(text) {
  return [...text].reduce((sum, character) => (Math.imul(sum, 31) + character.codePointAt(0)) | 0, 0);
}
