import type { Namespace } from "socket.io";
import { ClusterAdapterWithHeartbeat, type ClusterMessage, type ClusterResponse, type ServerId } from "socket.io-adapter";
import type { AdapterFactory } from "../../src/http/seat.js";

/** The way between nodes of one process, made like the adapters for `node:cluster` and Redis streams, over plain calls. */
export function createMesh(): () => AdapterFactory {
  const nodes = new Set<MeshAdapter>();
  // Socket.IO calls it with `new`, which an arrow function refuses.
  return () =>
    function mesh(namespace: Namespace) {
      return new MeshAdapter(namespace, nodes);
    };
}

class MeshAdapter extends ClusterAdapterWithHeartbeat {
  readonly #nodes: Set<MeshAdapter>;

  constructor(namespace: Namespace, nodes: Set<MeshAdapter>) {
    super(namespace, {});
    this.#nodes = nodes.add(this);
    this.init();
  }

  protected async doPublish(message: ClusterMessage): Promise<string> {
    const text = JSON.stringify(message);
    for (const node of this.#nodes) if (node !== this) setImmediate(() => node.onMessage(JSON.parse(text)));
    return "";
  }

  protected async doPublishResponse(requester: ServerId, response: ClusterResponse): Promise<void> {
    for (const node of this.#nodes) if (node.uid === requester) node.onResponse(response);
  }

  override close(): void {
    this.#nodes.delete(this);
    super.close();
  }
}
