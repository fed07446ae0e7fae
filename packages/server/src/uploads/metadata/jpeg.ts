/** Segments that a decoder needs, beside frames, tables and scans: JFIF, colours (ICC), and how Adobe wrote the colours. */
function isKept(marker: number, body: Buffer): boolean {
  if (marker === 0xfe) return false;
  if (marker < 0xe0 || marker > 0xef) return true;
  if (marker === 0xe0) return body.toString("latin1", 0, 5) === "JFIF\0";
  if (marker === 0xe2) return body.toString("latin1", 0, 12) === "ICC_PROFILE\0";
  return marker === 0xee;
}

/** A JPEG without what a camera wrote about place, time and itself, and without anything after its end. Which way up it is stays. Undefined when it is no whole JPEG. */
export function withoutJpegMetadata(file: Buffer): Buffer | undefined {
  if (file.readUInt16BE(0) !== 0xffd8) return undefined;
  const parts: Buffer[] = [file.subarray(0, 2)];
  let orientation = 1;
  for (let at = 2; at + 4 <= file.length || file[at + 1] === 0xd9; ) {
    if (file[at] !== 0xff) return undefined;
    const marker = file[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) {
      parts.push(file.subarray(at, at + 2));
      if (orientation > 1) parts.splice(1, 0, orientationSegment(orientation));
      return Buffer.concat(parts);
    }
    const length = file.readUInt16BE(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > file.length) return undefined;
    const body = file.subarray(at + 4, end);
    if (marker === 0xe1) orientation = orientationOf(body) ?? orientation;
    const next = marker === 0xda ? endOfScan(file, end) : end;
    if (isKept(marker, body)) parts.push(file.subarray(at, next));
    at = next;
  }
  return undefined;
}

/** Where the picture's data ends that follow the head of a scan: at a marker that is neither a stuffed byte nor a restart. */
function endOfScan(file: Buffer, from: number): number {
  let at = file.indexOf(0xff, from);
  while (at !== -1) {
    const next = file[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
    at = file.indexOf(0xff, at + 1);
  }
  return file.length;
}

/** The orientation, 1 to 8, of an Exif segment. */
function orientationOf(body: Buffer): number | undefined {
  if (body.toString("latin1", 0, 6) !== "Exif\0\0" || body.length < 16) return undefined;
  const tiff = body.subarray(6);
  const isLittle = tiff.toString("latin1", 0, 2) === "II";
  const short = (at: number) => (at + 2 > tiff.length ? 0 : isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  const count = Math.min(short(directory), 1_000);
  for (let entry = 0; entry < count; entry += 1) {
    const at = directory + 2 + entry * 12;
    if (short(at) !== 0x01_12) continue;
    const value = short(at + 8);
    return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}

/** An Exif segment that says nothing else. */
function orientationSegment(orientation: number): Buffer {
  const segment = Buffer.from("ffe1 0022 457869660000 4d4d002a00000008 0001 0112 0003 00000001 00000000 00000000".replaceAll(" ", ""), "hex");
  segment.writeUInt16BE(orientation, 28);
  return segment;
}
