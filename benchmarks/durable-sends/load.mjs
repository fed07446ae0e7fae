// The senders of one contestant, in a process of their own.
import { answer, setup } from "../processes/answer.mjs";
import { percentile } from "../report/figures.mjs";
import { dialects } from "./dialects.mjs";
import { Sender } from "./sender.mjs";

const { port, dialect, senders: count, rooms } = setup;
const fail = (error) => {
  throw error;
};
const senders = await Promise.all(Array.from({ length: count }, (_, number) => Sender.connect({ port, dialect: dialects[dialect], number, room: `room-${number % rooms}`, onEnd: fail })));
const told = () => senders.reduce((sum, sender) => sum + sender.told, 0);

answer({
  async send({ seconds }) {
    const toldBefore = told();
    const began = performance.now();
    await Promise.all(senders.map((sender) => sender.sendUntil(began + seconds * 1_000)));
    const latencies = senders.flatMap((sender) => sender.latencies);
    return {
      perSecond: latencies.length / seconds,
      ackMs: { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) },
      toldPerSecond: (told() - toldBefore) / seconds,
      ms: performance.now() - began,
    };
  },
  acknowledged: () => senders.flatMap((sender) => sender.acknowledged),
});
