import { expect, it, onTestFinished } from "vitest";
import { ScriptedTransport } from "../../test/scripted-transport.js";
import { systemClock } from "../clock.js";
import { Connection } from "./connection.js";

it("asks at once whether anybody is there when the browser says that the network is gone or back", async () => {
  const transport = new ScriptedTransport();
  const logger = { warn: () => {}, error: () => {} };
  const connection = new Connection(
    { transport, clock: systemClock, random: () => 1, logger, credentials: async () => ({}) },
    { onChange: () => {}, onReady: () => {}, onLost: () => {}, onEvent: () => {}, onOther: () => {} },
  );
  onTestFinished(() => connection.close());
  connection.start();
  await expect.poll(() => transport.links.length).toBe(1);
  transport.link.welcome();
  for (const [index, name] of ["offline", "online"].entries()) {
    window.dispatchEvent(new Event(name));
    expect(transport.link.asked).toHaveLength(index + 1);
  }
  transport.link.last("room:leave").miss();
  await expect.poll(() => connection.status).toBe("reconnecting");
});
