/** The body of a request, as far as it may be long. What is longer is refused before it has come. */
import type { IncomingMessage } from "node:http";
import { BODY_SIZE_MAX } from "./limits.ts";

export type Body =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly why: "too long" | "not JSON" };

/** Undefined where it broke off. */
export function readJson(request: IncomingMessage): Promise<Body | undefined> {
  const said = Number(request.headers["content-length"] ?? 0);
  if (said > BODY_SIZE_MAX) return Promise.resolve({ ok: false, why: "too long" });
  // A form of another site needs no leave to send text; for JSON its browser asks first.
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers["content-type"] ?? "")) {
    return Promise.resolve({ ok: false, why: "not JSON" });
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= BODY_SIZE_MAX) chunks.push(chunk);
      else {
        request.pause();
        resolve({ ok: false, why: "too long" });
      }
    });
    request.on("end", () => resolve(parsed(Buffer.concat(chunks).toString("utf8"))));
    request.on("error", () => resolve(undefined));
    request.on("close", () => resolve(undefined));
  });
}

export function parsed(text: string): Body {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, why: "not JSON" };
  }
}
