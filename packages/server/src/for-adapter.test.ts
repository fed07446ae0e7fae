import { expect, it } from "vitest";
import { forAdapter } from "./for-adapter.js";

/** A client with private parts, as that of `redis` is. */
class Client {
  #sent: string[] = [];

  get sent(): readonly string[] {
    return this.#sent;
  }

  async publish(message: string): Promise<number> {
    this.#sent.push(message);
    if (message === "bad") throw new Error("the broker is away");
    return 1;
  }

  duplicate(): Client {
    return new Client();
  }
}

it("fails for whoever looks and for nobody else, also in what it makes", async () => {
  const client = forAdapter(new Client());
  expect(await client.publish("good")).toBe(1);
  await expect(client.publish("bad")).rejects.toThrow("the broker is away");
  // Vitest fails when a rejection is left unhandled.
  void client.publish("bad");
  void client.duplicate().publish("bad");
  expect(client.sent).toEqual(["good", "bad", "bad"]);
  await new Promise(setImmediate);
});
