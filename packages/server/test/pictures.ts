import sharp from "sharp";

const colour = { r: 200, g: 30, b: 90 };
const blank = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: colour } });

/** A PNG of one colour. */
export function png(width = 4, height = 3): Promise<Buffer> {
  return blank(width, height).png().toBuffer();
}

/** A JPEG as a telephone makes it: held upright, and with the place it was taken at. */
export function photo(width = 40, height = 30): Promise<Buffer> {
  const place = { GPSLatitudeRef: "N", GPSLatitude: "47/1 22/1 0/1", GPSLongitudeRef: "E", GPSLongitude: "8/1 32/1 0/1" };
  return blank(width, height).jpeg().withExif({ IFD0: { Make: "SECRET-CAMERA" }, IFD3: place }).withMetadata({ orientation: 6 }).toBuffer();
}

/** A WebP with what a camera wrote. */
export function webp(): Promise<Buffer> {
  return blank(8, 8).webp().withExif({ IFD0: { Make: "SECRET-CAMERA" } }).toBuffer();
}

/** The first bytes of a PNG that says it is this large; nothing of the picture is there. */
export function hugePng(side: number): Buffer {
  const file = Buffer.from("89504e470d0a1a0a0000000d49484452000000000000000008020000000000000000000049454e44ae426082", "hex");
  file.writeUInt32BE(side, 16);
  file.writeUInt32BE(side, 20);
  return file;
}
