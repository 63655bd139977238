/** The page of a kiosk that runs here, as its own machine's commands ask it. */
import { join } from "node:path";
import { readPrivate } from "../../node/private-file.ts";
import { InputError } from "../command.ts";
import { fileWords, type OwnKiosk } from "../commands/own-kiosk.ts";
import { ADDRESS_FILE } from "./until-stopped.ts";

const ANSWER_WITHIN_MS = 5_000;

/** As it has said it itself. */
export function pageAddress(kiosk: OwnKiosk): string {
  const { folder, config } = kiosk;
  const said = readPrivate(join(folder, ADDRESS_FILE));
  if (said !== undefined) return Buffer.from(said).toString("utf8").trim();
  const why = config.web.enabled
    ? `no kiosk runs on ${folder}.`
    : "web.enabled is false: a kiosk without a page is not asked.";
  throw new InputError("missing", why, `hardway run${fileWords(kiosk)}`);
}

/** An answer that says no is an answer. */
export async function askPage(url: string, path: string, more: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(new URL(path, url), { ...more, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  } catch (error) {
    throw unanswered(url, error as Error);
  }
}

export async function askedPage<T>(url: string, path: string, more: RequestInit = {}): Promise<T> {
  const answer = await askPage(url, path, more);
  try {
    return (await answer.json()) as T;
  } catch (error) {
    throw unanswered(url, error as Error);
  }
}

function unanswered(url: string, error: Error): InputError {
  const cause = (error as { readonly cause?: NodeJS.ErrnoException }).cause;
  if (cause?.code === "ECONNREFUSED") {
    return new InputError("missing", `no kiosk runs at ${url}: it ended without a word.`, "hardway run");
  }
  const why = cause?.message ?? error.message;
  return new InputError("silent", `${url} does not answer: ${why}.`, "hardway doctor looks at the machine.");
}
