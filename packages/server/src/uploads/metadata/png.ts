const signature = "89504e470d0a1a0a";
/** Texts, times, and what a camera wrote. */
const dropped: ReadonlySet<string> = new Set(["eXIf", "tEXt", "zTXt", "iTXt", "tIME"]);

/** A PNG without texts and without anything after its end. Undefined when it is no whole PNG. */
export function withoutPngMetadata(file: Buffer): Buffer | undefined {
  if (file.toString("hex", 0, 8) !== signature) return undefined;
  const parts: Buffer[] = [file.subarray(0, 8)];
  for (let at = 8; at + 12 <= file.length; ) {
    const end = at + 12 + file.readUInt32BE(at);
    if (end > file.length) return undefined;
    const name = file.toString("latin1", at + 4, at + 8);
    if (!dropped.has(name)) parts.push(file.subarray(at, end));
    if (name === "IEND") return Buffer.concat(parts);
    at = end;
  }
  return undefined;
}
