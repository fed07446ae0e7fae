interface MediaType {
  /** The usual endings of its files; the first is given to a file that has none of them. */
  endings: readonly string[];
  /** Whether a browser may show it in its place; everything else is only ever saved. */
  isShown: boolean;
}

const shown = (...endings: string[]): MediaType => ({ endings, isShown: true });
const saved = (...endings: string[]): MediaType => ({ endings, isShown: false });

/** The types that are told apart, and may be taken. What can carry a script for the page it is shown in, as HTML and SVG can, is not among them. */
const mediaTypes: ReadonlyMap<string, MediaType> = new Map([
  ["image/png", shown("png")],
  ["image/jpeg", shown("jpg", "jpeg", "jpe", "jfif")],
  ["image/webp", shown("webp")],
  ["image/gif", shown("gif")],
  ["image/avif", shown("avif")],
  ["video/mp4", shown("mp4", "m4v")],
  ["video/webm", shown("webm")],
  ["audio/mpeg", shown("mp3", "mpga")],
  ["audio/mp4", shown("m4a", "mp4")],
  ["audio/ogg", shown("ogg", "oga", "opus")],
  ["audio/wav", shown("wav")],
  ["application/pdf", saved("pdf")],
  ["text/plain", saved("txt", "md", "csv", "log", "json", "yml", "yaml")],
  ["application/zip", saved("zip")],
]);

/** All types there are to choose from. */
export const knownTypes: readonly string[] = [...mediaTypes.keys()];
/** Those that are taken unless the application says otherwise: what people send each other, without archives, in which anything may be. */
export const defaultTypes: readonly string[] = knownTypes.filter((type) => type !== "application/zip");

/** Other names of a type, as libraries have them. */
const sameAs: Readonly<Record<string, string>> = { "audio/x-m4a": "audio/mp4", "video/x-m4v": "video/mp4", "audio/opus": "audio/ogg", "audio/vnd.wave": "audio/wav", "image/apng": "image/png" };

export function canonicalType(type: string): string {
  const [plain = type] = type.split(";", 1);
  return sameAs[plain] ?? plain;
}

export function isShown(type: string): boolean {
  return mediaTypes.get(type)?.isShown ?? false;
}

/** A name with an ending of its type, so that what was taken for one thing is not opened as another. */
export function nameWithEnding(name: string, type: string): string {
  const { endings } = mediaTypes.get(type) ?? saved("bin");
  const isRight = endings.some((ending) => name.toLowerCase().endsWith(`.${ending}`));
  return isRight ? name : `${name}.${endings[0]}`;
}
