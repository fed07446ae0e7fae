import express from "express";
import { it } from "vitest";
import { RawSocket } from "../../test/raw-socket.js";
import { startServer } from "../../test/test-server.js";

/** An application that says what it was asked. */
function echo() {
  const app = express();
  app.post("/form", express.text({ type: () => true }), (request, response) => void response.send(`got ${request.body}`));
  app.get("/page", (_request, response) => void response.send("the page"));
  return app;
}

/** Node 24 asks the server whether to upgrade. */
const nodes = ["a Node that asks first", "a Node that does not"] as const;

it.each(nodes.flatMap((node) => ["h2c", "H2C", "TLS/1.2"].map((upgrade) => [upgrade, node] as const)))(
  "leaves requests that ask for %s to the application, with their bodies and their connection, on %s",
  async (upgrade, node) => {
    const { port, http } = await startServer({ app: echo() });
    if (node === "a Node that does not") Reflect.set(http, "shouldUpgradeCallback", () => true);
    const visitor = new RawSocket(port);
    visitor.request("/form", { method: "POST", upgrade, body: "name=Zo\u00EB" });
    await visitor.hears("got name=Zo\u00C3\u00AB");
    visitor.request("/page", { upgrade });
    await visitor.hears("the page");
    visitor.request("/chat/healthz", { upgrade });
    await visitor.hears('{"status":"ok"}');
    visitor.request("/chat/socket.io/?EIO=4&transport=polling", { upgrade });
    await visitor.hears("pingInterval");
    visitor.request("/nowhere", { upgrade });
    await visitor.hears("404 Not Found");
  },
);
