import type { Namespace } from "socket.io";
import type { Adapter } from "socket.io-adapter";
import type { AdapterFactory } from "../../src/http/seat.js";

/** What becomes of what nodes tell each other. */
export interface BusFaults {
  /** The part that is lost, from 0 to 1. */
  loss: number;
  /** The part that comes twice. */
  doubled: number;
  /** The part that comes up to so many milliseconds late, after what was said later. */
  late: number;
  lateMs: number;
}

export const noFaults: BusFaults = { loss: 0, doubled: 0, late: 0, lateMs: 0 };

/** An adapter between whose nodes things are lost, doubled and overtaken. `faults` may be changed at any time. */
export function faultyAdapter(create: AdapterFactory, faults: BusFaults, random: () => number): AdapterFactory {
  return function faulty(namespace: Namespace) {
    const adapter: Adapter = Reflect.construct(create, [namespace]);
    const emit = adapter.serverSideEmit.bind(adapter);
    adapter.serverSideEmit = (packet: unknown[]) => {
      if (random() < faults.loss) return;
      const copies = random() < faults.doubled ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        if (random() < faults.late) setTimeout(() => emit([...packet]), random() * faults.lateMs);
        else emit([...packet]);
      }
    };
    return adapter;
  };
}
