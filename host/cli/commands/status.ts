/** `hardway status`: how the kiosk is that runs here, asked of its own page. */
import { join } from "node:path";
import { readPrivate } from "../../node/private-file.ts";
import type { KioskView } from "../../web/contract/view.ts";
import type { Health } from "../../web/server/health.ts";
import { type Command, InputError, UsageError } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { ADDRESS_FILE } from "../kiosk/until-stopped.ts";
import { FILE_OPTION } from "./config-source.ts";
import { fileWords, kioskAt } from "./own-kiosk.ts";
import { statusWords } from "./status-words.ts";

const ANSWER_WITHIN_MS = 5_000;

export const status: Command = {
  words: ["status"],
  about: "How the kiosk is that runs here: what it waits for, who is here, its radios, its chips.",
  more: "Exit 0 where it plays, 1 where something of it has failed, 3 where none runs, 6 where it does not answer.",
  options: { ...FILE_OPTION, url: { value: "URL", about: "of its page; else the one that it has said itself" } },
  async run(input, io) {
    if (input.operands.length > 0) throw new UsageError("status takes no operands");
    const given = input.text("url");
    const url = given ?? (await addressOf());
    if (typeof url !== "string") return url.exit;
    const [now, health] = await Promise.all([
      asked<{ readonly view: KioskView }>(url, "api/view"),
      asked<Health>(url, "health"),
    ]);
    if (io.json) io.record({ type: "status", url, health, ...now });
    for (const line of statusWords(now.view, health, url)) io.out(line);
    return health.state === "failed" ? "failed" : "done";

    async function addressOf(): Promise<string | { readonly exit: Exit }> {
      const kiosk = await kioskAt(input, io);
      if (typeof kiosk === "string") return { exit: kiosk };
      const { folder, config } = kiosk;
      const said = readPrivate(join(folder, ADDRESS_FILE));
      if (said !== undefined) return Buffer.from(said).toString("utf8").trim();
      const why = config.web.enabled
        ? `no kiosk runs on ${folder}.`
        : "web.enabled is false: a kiosk without a page is not asked.";
      throw new InputError("missing", why, `hardway run${fileWords(kiosk)}`);
    }
  },
};

async function asked<T>(url: string, path: string): Promise<T> {
  try {
    const answer = await fetch(new URL(path, url), { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return (await answer.json()) as T;
  } catch (error) {
    const cause = (error as { readonly cause?: NodeJS.ErrnoException }).cause;
    if (cause?.code === "ECONNREFUSED") {
      throw new InputError("missing", `no kiosk runs at ${url}: it ended without a word.`, "hardway run");
    }
    const why = cause?.message ?? (error as Error).message;
    throw new InputError("silent", `${url} does not answer: ${why}.`, "hardway doctor looks at the machine.");
  }
}
