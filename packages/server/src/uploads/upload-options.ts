import type { FileStore } from "./file-store.js";
import { defaultTypes, knownTypes } from "./media-types.js";
import { hasSharp } from "./preview.js";

/** Which files may be sent, and where they are kept. */
export interface UploadOptions {
  /** Where files are kept: `diskFiles({ folder: "uploads" })`, or `s3Files({ … })` of `@chat-widget/server/s3`. */
  files: FileStore;
  /** The media types that are taken, by content. Common pictures, sounds and films, PDF and plain text when left out; `application/zip` may be added. Formats that can carry scripts, such as HTML and SVG, are never taken. */
  types?: readonly string[] | undefined;
  /** Bytes of one file; 10 MiB when left out. */
  fileBytes?: number | undefined;
  /** Files of one message, at most 10; 10 when left out. */
  filesPerMessage?: number | undefined;
  /** Bytes of all files that one user may keep; 256 MiB when left out. */
  userBytes?: number | undefined;
  /** The most pixels of one picture; 50 million when left out. */
  pixels?: number | undefined;
  /** Whether pictures get a tiny preview. It takes the package `sharp`, which then reads what users send. False when left out. */
  previews?: boolean | undefined;
  /** The address of the chat on another origin that reaches the same server, such as `https://files.example.com/chat`: links to files begin with it. */
  publicUrl?: string | undefined;
}

/** {@link UploadOptions} with every default filled in. */
export type UploadRules = Required<Omit<UploadOptions, "publicUrl">> & { [N in keyof Omit<UploadOptions, "publicUrl">]-?: NonNullable<UploadOptions[N]> } & {
  /** What stands before the address of a file below the chat's path: nothing, or an address that ends with a slash. */
  prefix: string;
};

const mebibyte = 1_048_576;
const most = { fileBytes: 4_294_967_296, filesPerMessage: 10, userBytes: Number.MAX_SAFE_INTEGER, pixels: 1_000_000_000 };
const names = ["files", "types", "fileBytes", "filesPerMessage", "userBytes", "pixels", "previews", "publicUrl"];

/** Fills in the defaults of options that {@link uploadMistake} finds nothing wrong with. */
export function resolveUploads({ files, types = defaultTypes, fileBytes = 10 * mebibyte, filesPerMessage = 10, userBytes = 256 * mebibyte, pixels = 50_000_000, previews = false, publicUrl }: UploadOptions): UploadRules {
  return { files, types: [...types], fileBytes, filesPerMessage, userBytes, pixels, previews, prefix: publicUrl === undefined ? "" : `${publicUrl.replace(/\/+$/, "")}/` };
}

/** What is wrong with the option `uploads`, in a sentence that says how to mend it; undefined when nothing is. */
export function uploadMistake(given: unknown): string | undefined {
  if (!isRecord(given)) return "`uploads` must be an object, such as `{ files: diskFiles({ folder: \"uploads\" }) }`";
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) return `there is no option \`uploads.${unknown}\`; there are ${names.join(", ")}`;
  if (!isFileStore(given["files"])) return "`uploads.files` must be a file store, such as `diskFiles({ folder: \"uploads\" })`, and not a promise of one";
  for (const [name, limit] of Object.entries(most)) {
    const value = given[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= limit)) return `\`uploads.${name}\` must be a whole number from 1 to ${limit}`;
  }
  const { types, previews, publicUrl } = given;
  if (types !== undefined && !(Array.isArray(types) && types.length > 0 && types.every((type) => knownTypes.includes(type)))) return `\`uploads.types\` must be a list of some of ${knownTypes.join(", ")}`;
  if (previews !== undefined && typeof previews !== "boolean") return "`uploads.previews` must be `true` or `false`";
  if (previews === true && !hasSharp()) return "`uploads.previews` takes the package `sharp`; install it, or leave `previews` out";
  if (publicUrl !== undefined && !(typeof publicUrl === "string" && /^https?:\/\//.test(publicUrl) && URL.canParse(publicUrl))) return "`uploads.publicUrl` must be like `https://files.example.com/chat`: another address of the same chat, its path included";
  return undefined;
}

function isFileStore(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const has = (name: string) => typeof value[name] === "function";
  return ["size", "seal", "read", "replace", "remove"].every(has) && (has("receive") || has("sendTo"));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Promise);
}
