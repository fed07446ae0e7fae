import { withoutJpegMetadata } from "./jpeg.js";
import { withoutPngMetadata } from "./png.js";
import { withoutWebpMetadata } from "./webp.js";

/** Takes out of a file what its maker may not know is in it. Each gives undefined for a file that is broken. */
export const metadataFilters: ReadonlyMap<string, (file: Buffer) => Buffer | undefined> = new Map([
  ["image/jpeg", withoutJpegMetadata],
  ["image/png", withoutPngMetadata],
  ["image/webp", withoutWebpMetadata],
]);
