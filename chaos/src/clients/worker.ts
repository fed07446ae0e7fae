// A process with many people at pages of ours. Started by ClientWorker.
import { ChatUser } from "./chat-user.ts";
import { serveWorker } from "./serve-worker.ts";

serveWorker((place) => new ChatUser(place));
