import { once } from "node:events";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { S3FilesOptions } from "../src/uploads/s3-files.js";

/** What a test needs of S3: objects, ranges, copies. Every request must bear a signature that Amazon's own code makes as well. */
export class S3Server {
  readonly options: S3FilesOptions;
  /** The objects, by their names in the bucket. */
  readonly objects = new Map<string, { body: Buffer; type: string }>();
  /** What was refused, and why. */
  readonly refused: string[] = [];
  readonly #http: Server;
  readonly #signer: SignatureV4;

  private constructor(http: Server, port: number) {
    this.#http = http;
    this.options = { bucket: "files", region: "eu-central-1", accessKeyId: "KEY", secretAccessKey: "SECRET", endpoint: `http://127.0.0.1:${port}`, prefix: "chat/" };
    const { accessKeyId, secretAccessKey, region } = this.options;
    this.#signer = new SignatureV4({ service: "s3", region, credentials: { accessKeyId, secretAccessKey }, sha256: Sha256, uriEscapePath: false, applyChecksum: false });
    http.on("request", (request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<S3Server> {
    const http = createServer();
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    const address = http.address();
    return new S3Server(http, typeof address === "object" && address !== null ? address.port : 0);
  }

  async stop(): Promise<void> {
    this.#http.closeAllConnections();
    this.#http.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", this.options.endpoint);
    const reason = await this.#mistake(request, url);
    const body = await buffer(request);
    if (reason !== undefined) {
      this.refused.push(reason);
      return void response.writeHead(403).end(`<Error><Code>AccessDenied</Code><Message>${reason}</Message></Error>`);
    }
    const name = url.pathname.slice("/files/".length);
    const object = this.objects.get(name);
    const { method, headers } = request;
    if (method === "DELETE") {
      this.objects.delete(name);
      return void response.writeHead(204).end();
    }
    if (method === "PUT") {
      const source = headers["x-amz-copy-source"];
      const copied = typeof source === "string" ? this.objects.get(decodeURI(source).slice("/files/".length)) : undefined;
      if (source !== undefined && copied === undefined) return void response.writeHead(404).end("<Error><Code>NoSuchKey</Code></Error>");
      this.objects.set(name, { body: copied?.body ?? body, type: headers["content-type"] ?? "binary/octet-stream" });
      return void response.writeHead(200).end(copied && "<CopyObjectResult/>");
    }
    if (object === undefined) return void response.writeHead(404).end();
    const [, start = "0", end = String(object.body.length - 1)] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
    const part = object.body.subarray(Number(start), Number(end) + 1);
    const disposition = url.searchParams.get("response-content-disposition");
    if (disposition !== null) response.setHeader("Content-Disposition", disposition);
    response.setHeader("Content-Type", url.searchParams.get("response-content-type") ?? object.type);
    response.setHeader("Content-Length", part.length);
    response.writeHead(headers.range === undefined ? 200 : 206).end(method === "HEAD" ? undefined : part);
  }

  /** Why a request is refused. */
  async #mistake({ method = "GET", headers }: IncomingMessage, url: URL): Promise<string | undefined> {
    const query = Object.fromEntries(url.searchParams);
    const { "X-Amz-Signature": signature, "X-Amz-Date": date, "X-Amz-Expires": expires, "X-Amz-SignedHeaders": queryHeaders, ...rest } = query;
    const signed = signature === undefined ? /SignedHeaders=([^,]+)/.exec(headers.authorization ?? "")?.[1] : queryHeaders;
    const when = dateOf(signature === undefined ? String(headers["x-amz-date"]) : (date ?? ""));
    const own = Object.fromEntries((signed ?? "").split(";").map((name) => [name, String(headers[name])]));
    const asked = { method, protocol: url.protocol, hostname: url.hostname, port: Number(url.port), path: url.pathname, headers: own };
    if (signature === undefined) {
      const { "x-amz-date": _date, ...without } = own;
      const right = await this.#signer.sign({ ...asked, query, headers: without, body: {} }, { signingDate: when, signableHeaders: new Set(Object.keys(own)) });
      return right.headers["authorization"]?.replaceAll(" ", "") === headers.authorization?.replaceAll(" ", "") ? undefined : "SignatureDoesNotMatch";
    }
    if (when.getTime() + Number(expires) * 1_000 < Date.now()) return "Request has expired";
    for (const name of ["X-Amz-Algorithm", "X-Amz-Credential"]) Reflect.deleteProperty(rest, name);
    const right = await this.#signer.presign({ ...asked, query: rest, body: {} }, { signingDate: when, expiresIn: Number(expires), signableHeaders: new Set(Object.keys(own)) });
    return right.query?.["X-Amz-Signature"] === signature ? undefined : "SignatureDoesNotMatch";
  }
}

function dateOf(compact: string): Date {
  return new Date(compact.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}
