export { pin, readPins, readVersions } from "./message-commands.js";
export { ThreadEngine } from "./thread.js";
