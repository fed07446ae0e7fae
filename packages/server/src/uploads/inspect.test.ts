import { array, assert, asyncProperty, nat, record, tuple } from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { photo, png, webp } from "../../test/pictures.js";
import { inspect } from "./inspect.js";
import { knownTypes, nameWithEnding } from "./media-types.js";
import { metadataFilters } from "./metadata/without-metadata.js";

const taken = { types: knownTypes, pixels: 50_000_000 };
const bytes = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex");

it.each([
  ["image/gif", bytes("474946383961 0300 0200 80 00 00")],
  ["application/pdf", Buffer.from("%PDF-1.7\n")],
  ["application/zip", bytes("504b0304 1400 0000 0000 00000000 00000000 00000000 00000000 0100 0000 61")],
  ["audio/mpeg", bytes("494433 0300 00 00000000 fffb9064")],
  ["audio/ogg", Buffer.concat([Buffer.from("OggS\0"), Buffer.alloc(23), Buffer.from("\x01vorbis\0\0\0\0")])],
  ["video/webm", bytes("1a45dfa3 87 4282 84 7765626d")],
  ["video/mp4", bytes("00000018 66747970 6d703432 00000000 6d703432 69736f6d")],
  ["text/plain", Buffer.from("a < b, and <3 to all\n日本語 👍")],
])("finds %s by content", async (type, head) => {
  expect(await inspect(head, taken)).toMatchObject({ type });
});

it("takes a long text whose beginning ends within a character", async () => {
  for (const shift of [0, 1, 2]) expect(await inspect(Buffer.from(" ".repeat(shift) + "日".repeat(200_000)).subarray(0, 524_288), taken)).toEqual({ type: "text/plain" });
});

it.each([[""], ["\0"], ["a\u0007b"], [" <svg>"], ["<!-- x -->"], ["\uFEFF<?xml?>"], ["</script>"]])("does not take %j", async (text) => {
  await expect(inspect(Buffer.from(text), { ...taken, types: ["image/png"] })).rejects.toMatchObject({ code: "refused" });
});

it("gives names an ending of their type", () => {
  expect([nameWithEnding("a.PNG", "image/png"), nameWithEnding("a.png", "image/jpeg"), nameWithEnding("a.jpeg", "image/jpeg"), nameWithEnding("notes", "text/plain")]).toEqual(["a.PNG", "a.png.jpg", "a.jpeg", "notes.txt"]);
});

describe("what is taken out of pictures", () => {
  const progressive = () => sharp({ create: { width: 64, height: 64, channels: 3, background: "red", noise: { type: "gaussian", mean: 128, sigma: 40 } } }).jpeg({ progressive: true }).withMetadata().withIccProfile("srgb").toBuffer();

  it("leaves every pixel, and the colours", async () => {
    for (const [type, file] of [["image/jpeg", await photo(300, 200)], ["image/jpeg", await progressive()], ["image/png", await png(300, 200)], ["image/webp", await webp()]] as const) {
      const clean = metadataFilters.get(type)?.(file);
      expect(await sharp(clean).raw().toBuffer()).toEqual(await sharp(file).raw().toBuffer());
      expect(Boolean((await sharp(clean).metadata()).icc)).toBe(Boolean((await sharp(file).metadata()).icc));
      // Nothing is left to be taken out.
      expect(metadataFilters.get(type)?.(clean ?? Buffer.alloc(0))).toEqual(clean);
    }
  });

  it("comes to an end with files that are broken anywhere, and so does the look at them", async () => {
    const files = [await photo(40, 30), await progressive(), await png(40, 30), await webp(), bytes("474946383961 0300 0200 80 00 00"), bytes("0000001c 66747970 61766966 00000000 61766966 6d696631 00000008 6d657461")];
    const change = record({ file: nat(files.length - 1), places: array(tuple(nat(2_000), nat(255)), { maxLength: 6 }), end: nat(3_000) });
    await assert(
      asyncProperty(change, async ({ file, places, end }) => {
        const broken = Buffer.from((files[file] ?? Buffer.alloc(0)).subarray(0, end));
        for (const [place, value] of places) if (place < broken.length) broken[place] = value;
        await inspect(broken, taken).catch((error: { code?: string }) => expect(["refused", "too-large"]).toContain(error.code));
        for (const filter of metadataFilters.values()) {
          try {
            filter(broken);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
