/** How the server answers: JSON or a file, and with every answer what a browser may do with it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Refusal, type Refused, refused } from "../contract/answers.ts";
import { BODY_SIZE_MAX, REFUSED_READ_WITHIN_MS } from "./limits.ts";
import type { PageFile } from "./page-files.ts";

/** Nothing from elsewhere, and nobody's frame. */
export const CONTENT_POLICY = [
  ...["default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"],
  ...["object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"],
].join("; ");

const SAFE = Object.freeze({
  "content-security-policy": CONTENT_POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
});

/** What is not here is 409: it was understood, and may not be now. */
const STATUSES: { readonly [why in Refusal]?: number } = Object.freeze({
  ...{ "not JSON": 400, "not an order": 400, "PIN wanted": 401, "wrong PIN": 401, "no PIN": 403 },
  ...{ "other site": 403, "other host": 403, "no such page": 404, "no such kiosk": 404, "no such roll": 404 },
  ...{ "no such seat": 404, "no such way": 405, "too long": 413, "PIN locked": 429, "too fast": 429, busy: 503 },
  ...{ "too many connections": 503, "no table": 409, failed: 500, "no answer yet": 504 },
});

export const statusOf = (why: string): number => STATUSES[why as Refusal] ?? 409;

export interface Headers {
  readonly [name: string]: string | number;
}

export function sendJson(response: ServerResponse, status: number, value: unknown, headers: Headers = {}): void {
  sendText(response, status, "application/json; charset=utf-8", JSON.stringify(value), headers);
}

/** Of what is refused nobody knows how much is still to come, so that the connection ends; but whoever is still sending is left a while
 * to read why, for what is cut off at once takes its answer with it. */
export function sendRefused(response: ServerResponse, said: Refusal | Refused, headers: Headers = {}): void {
  const refusal = typeof said === "string" ? refused(said) : said;
  const status = statusOf(refusal.why);
  const sends = isSending(response.req);
  if (!sends) response.req.resume();
  if (!sends && !CLOSING.includes(refusal.why)) {
    sendJson(response, status, refusal, headers);
    return;
  }
  const { bytes, head } = wrapped("application/json; charset=utf-8", JSON.stringify(refusal), headers);
  response.writeHead(status, { ...head, connection: "close" }).write(bytes);
  const timer = setTimeout(() => response.end(), sends ? REFUSED_READ_WITHIN_MS : 0);
  response.once("close", () => clearTimeout(timer));
}

/** More than is read and forgotten: a short body is here already. */
const isSending = ({ headers, complete }: IncomingMessage): boolean =>
  !complete && (Number(headers["content-length"] ?? 0) > BODY_SIZE_MAX || headers["transfer-encoding"] !== undefined);

const CLOSING: readonly string[] = Object.freeze(["too long", "too many connections", "other host", "other site"]);

export function sendText(
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
  headers: Headers = {},
): void {
  const { bytes, head } = wrapped(type, text, headers);
  response.writeHead(status, head).end(response.req.method === "HEAD" ? undefined : bytes);
}

function wrapped(type: string, text: string, headers: Headers): { readonly bytes: Buffer; readonly head: Headers } {
  const bytes = Buffer.from(text);
  const own = { "content-type": type, "content-length": bytes.length, "cache-control": "no-store" };
  return { bytes, head: { ...SAFE, ...own, ...headers } };
}

export function sendFile({ headers, method }: IncomingMessage, response: ServerResponse, file: PageFile): void {
  const cache = file.isForever ? "public, max-age=31536000, immutable" : "no-cache";
  const shared = {
    ...SAFE,
    ...{ "content-type": file.type, etag: file.tag, "cache-control": cache, vary: "accept-encoding" },
    ...(file.isDownload ? { "content-disposition": "attachment" } : {}),
  };
  if (headers["if-none-match"] === file.tag) {
    response.writeHead(304, shared).end();
    return;
  }
  const takes = `${headers["accept-encoding"] ?? ""}`;
  const [encoding, bytes] =
    file.brotli !== undefined && /\bbr\b/.test(takes)
      ? (["br", file.brotli] as const)
      : file.gzip !== undefined && /\bgzip\b/.test(takes)
        ? (["gzip", file.gzip] as const)
        : ([undefined, file.bytes] as const);
  const encoded = encoding === undefined ? {} : { "content-encoding": encoding };
  response.writeHead(200, { ...shared, ...encoded, "content-length": bytes.length });
  response.end(method === "HEAD" ? undefined : bytes);
}
