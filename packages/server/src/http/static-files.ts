import { createHash } from "node:crypto";
import { readFile, readdir, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const types: Record<string, string> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".map": "application/json; charset=utf-8",
};

interface File {
  version: string;
  body: Buffer;
  zipped: Buffer;
  etag: string;
}

/** The folder with the widget's files for browsers, of the widget that is installed beside this server. */
export function widgetFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve("@chat-widget/widget/package.json")), "cdn");
}

/**
 * Serves the files of one folder, and only those: a name that a look into the folder does not show does not exist.
 * Any page of any origin may load them; they hold nothing but the widget's code.
 */
export class StaticFiles {
  readonly #findFolder: () => string;
  #folder: { path: string; names: ReadonlySet<string> } | undefined;
  readonly #files = new Map<string, File>();

  /** The folder is looked for when it is first needed. */
  constructor(findFolder: () => string) {
    this.#findFolder = findFolder;
  }

  /** Answers with the file; gives `unbuilt` when the widget itself is not there, `missing` when there is no such file. */
  async serve(name: string, request: IncomingMessage, response: ServerResponse): Promise<"served" | "missing" | "unbuilt"> {
    // A name that is not known yet may have been built since.
    if (!this.#folder?.names.has(name)) this.#folder = await listFolder(this.#findFolder);
    if (!this.#folder?.names.has(name)) return this.#folder?.names.has("widget.js") ? "missing" : "unbuilt";
    const type = types[extname(name)];
    if (type === undefined) return "missing";
    const file = await this.#read(join(this.#folder.path, name), name);
    response.setHeader("Content-Type", type);
    response.setHeader("ETag", file.etag);
    // The names of chunks hold a hash of their content, see the bundler's options.
    response.setHeader("Cache-Control", /-[0-9a-f]{8}\.js$/.test(name) ? "public, max-age=31536000, immutable" : "no-cache");
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
    response.setHeader("Vary", "Accept-Encoding");
    if (request.headers["if-none-match"]?.includes(file.etag)) {
      response.writeHead(304).end();
      return "served";
    }
    const isZipped = /\bgzip\b/.test(String(request.headers["accept-encoding"]));
    if (isZipped) response.setHeader("Content-Encoding", "gzip");
    const body = isZipped ? file.zipped : file.body;
    response.setHeader("Content-Length", body.length);
    response.writeHead(200).end(request.method === "HEAD" ? undefined : body);
    return "served";
  }

  async #read(path: string, name: string): Promise<File> {
    const { mtimeMs, size } = await stat(path);
    const version = `${mtimeMs}-${size}`;
    const known = this.#files.get(name);
    if (known?.version === version) return known;
    const body = await readFile(path);
    const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
    const file = { version, body, zipped: await promisify(gzip)(body), etag };
    this.#files.set(name, file);
    return file;
  }
}

async function listFolder(findFolder: () => string): Promise<{ path: string; names: ReadonlySet<string> } | undefined> {
  try {
    const path = findFolder();
    return { path, names: new Set(await readdir(path)) };
  } catch {
    // The widget is not installed or not built: the one who asked is told so.
    return undefined;
  }
}
