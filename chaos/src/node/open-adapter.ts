import { forAdapter, type ChatServerOptions } from "@chat-widget/server";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import type { AdapterSetup } from "./node-setup.ts";

/** The adapter of a setup, connected. */
export async function openAdapter(setup: AdapterSetup): Promise<Pick<ChatServerOptions, "adapter">> {
  switch (setup.kind) {
    case "none":
      return {};
    case "redis": {
      const connect = async () => {
        const client = createClient({ url: setup.url, socket: { reconnectStrategy: 50 } });
        // A broker that is away is what is tried here.
        client.on("error", () => undefined);
        await client.connect();
        return forAdapter(client);
      };
      return { adapter: createAdapter(await connect(), await connect()) };
    }
  }
}
