// A process with many people at plain pages. Started by ClientWorker.
import { serveWorker } from "../clients/serve-worker.ts";
import { setupOf } from "../processes/answer.ts";
import { PlainUser } from "./plain-user.ts";
import type { Way } from "./wire.ts";

const { way } = setupOf<{ way: Way }>();
serveWorker((place) => new PlainUser(place, way));
