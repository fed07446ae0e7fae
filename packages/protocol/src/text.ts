export { formatOf } from "./text/format.js";
export { plainTextOf } from "./text/plain-text.js";
export type { Token } from "./text/token.js";
