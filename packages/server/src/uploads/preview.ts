import { createRequire } from "node:module";

/** The longer side of a preview, and the most bytes it may take. */
const side = 24;
const mostBytes = 1_500;

/** Makes a tiny picture of a picture, as a `data:` address; undefined when it cannot. */
export type MakePreview = (picture: Uint8Array) => Promise<string | undefined>;

/** Whether the package `sharp`, which reads pictures, is installed. */
export function hasSharp(): boolean {
  try {
    createRequire(import.meta.url).resolve("sharp");
    return true;
  } catch {
    return false;
  }
}

/** Makes previews with `sharp`, which is told to read nothing larger than the server takes, and no longer than a few seconds. */
export function previewMaker(pixels: number): MakePreview {
  return async (picture) => {
    const { default: sharp } = await import("sharp");
    try {
      const small = await sharp(picture, { limitInputPixels: pixels, failOn: "error" })
        .timeout({ seconds: 5 })
        .autoOrient()
        .resize(side, side, { fit: "inside" })
        .webp({ quality: 40, effort: 0 })
        .toBuffer();
      return small.length > mostBytes ? undefined : `data:image/webp;base64,${small.toString("base64")}`;
    } catch {
      // What cannot be read shows without a preview, or not at all.
      return undefined;
    }
  };
}
