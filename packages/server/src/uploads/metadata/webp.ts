const dropped: ReadonlySet<string> = new Set(["EXIF", "XMP "]);
/** The flags of `VP8X` that say that there are such parts. */
const flags = 0b1100;

/** A WebP without what a camera or a program wrote about it, and without anything after its end. Undefined when it is no whole WebP. */
export function withoutWebpMetadata(file: Buffer): Buffer | undefined {
  if (file.length < 12 || file.toString("latin1", 0, 4) !== "RIFF" || file.toString("latin1", 8, 12) !== "WEBP") return undefined;
  const length = 8 + file.readUInt32LE(4);
  if (length > file.length) return undefined;
  const parts: Buffer[] = [];
  for (let at = 12; at + 8 <= length; ) {
    const name = file.toString("latin1", at, at + 4);
    const size = file.readUInt32LE(at + 4);
    // Each part fills up an even number of bytes.
    const end = at + 8 + size + (size % 2);
    if (at + 8 + size > length) return undefined;
    const part = Buffer.from(file.subarray(at, end));
    if (name === "VP8X" && size >= 1) part[8] = (part[8] ?? 0) & ~flags;
    if (!dropped.has(name)) parts.push(part);
    at = end;
  }
  const body = Buffer.concat(parts);
  const head = Buffer.from(file.subarray(0, 12));
  head.writeUInt32LE(4 + body.length, 4);
  return Buffer.concat([head, body]);
}
