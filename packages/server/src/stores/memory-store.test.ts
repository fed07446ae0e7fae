import { memoryStore } from "./memory-store.js";
import { describeStore } from "./store-contract.js";

describeStore("memory store", async () => ({ store: memoryStore() }));
