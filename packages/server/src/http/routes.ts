import type { IncomingMessage, ServerResponse } from "node:http";
import { ChatError, type ErrorCode } from "@chat-widget/protocol";
import type { Report } from "../logger.js";
import { answerError, answerJson } from "./answer-json.js";
import type { OriginGuard } from "./origin-guard.js";
import type { StaticFiles } from "./static-files.js";
import type { UploadDoor } from "./upload-door.js";

/** What answers plain HTTP requests below the chat's path. */
export interface Routes {
  path: string;
  guard: OriginGuard;
  files: StaticFiles;
  /** Missing where no files are taken. */
  uploads?: UploadDoor | undefined;
  /** Whether the store answers. */
  isHealthy: () => Promise<boolean>;
  /** Answers what is asked below `api/`, where that is offered. */
  api: ((path: string, request: IncomingMessage, response: ServerResponse) => Promise<void>) | undefined;
  report: Report;
}

/** Answers one request below the chat's path that is not Socket.IO's. */
export async function answer(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader("X-Content-Type-Options", "nosniff");
  try {
    await route(routes, request, response);
  } catch (error) {
    if (ChatError.is(error) && error.code === "unavailable" && !response.headersSent) return answerError(response, 503, error);
    const id = routes.report(error, "unable to answer a request");
    if (response.headersSent) response.destroy();
    else sendError(response, 500, "internal", "unable to answer; the server made a mistake", { id });
  }
}

async function route({ path, guard, files, uploads, isHealthy, api }: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const name = nameBelow(path, request);
  if (api !== undefined && name.startsWith("api/")) return api(name.slice("api/".length), request, response);
  const [, uploadId] = /^uploads\/([\da-f-]{36})$/.exec(name) ?? [];
  if (uploadId !== undefined && uploads !== undefined) return uploads.answer(uploadId, request, response);
  if (request.method === "OPTIONS") {
    guard.allowPage(request, response);
    return void response.writeHead(204).end();
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD, OPTIONS");
    return sendError(response, 405, "invalid", "unable to answer; only GET is understood here");
  }
  if (name === "access") {
    const verdict = guard.check(request);
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Vary", "Origin");
    return answerJson(response, 200, verdict.allowed ? { allowed: true } : { allowed: false, error: guard.errorOf(verdict) });
  }
  if (name === "healthz") {
    guard.allowPage(request, response);
    const isOk = await isHealthy();
    return answerJson(response, isOk ? 200 : 503, { status: isOk ? "ok" : "unavailable" });
  }
  const outcome = await files.serve(name, request, response);
  if (outcome === "served") return;
  const isFile = /\.\w+$/.test(name);
  const reason = outcome === "missing" || !isFile ? "there is nothing by this name" : "the widget's files are not there; build `@chat-widget/widget` or install it beside the server";
  sendError(response, 404, "not-found", `unable to serve ${path}/${name}; ${reason}`);
}

/** The part of a request's path below `path`, without its query. */
export function nameBelow(path: string, request: IncomingMessage): string {
  return (request.url ?? "").slice(path.length + 1).split("?", 1)[0] ?? "";
}

/** Answers with an error in the form that travels everywhere else. */
export function sendError(response: ServerResponse, status: number, code: ErrorCode, message: string, details?: Record<string, string>): void {
  sendRefusal(response, status, new ChatError(code, message, details && { details }));
}

/** Answers with an error that there is already. */
export function sendRefusal(response: ServerResponse, status: number, error: ChatError): void {
  answerError(response, status, error);
}
