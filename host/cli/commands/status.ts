/** `hardway status`: how the kiosk is that runs here, asked of its own page. */
import type { KioskView } from "../../web/contract/view.ts";
import type { Health } from "../../web/server/health.ts";
import { type Command, UsageError } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { askedPage, pageAddress } from "../kiosk/running-page.ts";
import { FILE_OPTION } from "./config-source.ts";
import { kioskAt } from "./own-kiosk.ts";
import { statusWords } from "./status-words.ts";

export const status: Command = {
  words: ["status"],
  about: "How the kiosk is that runs here: what it waits for, who is here, its radios, its chips.",
  more: "Exit 0 where it plays, 1 where something of it has failed, 3 where none runs, 6 where it does not answer.",
  options: { ...FILE_OPTION, url: { value: "URL", about: "of its page; else the one that it has said itself" } },
  async run(input, io) {
    if (input.operands.length > 0) throw new UsageError("status takes no operands");
    const url = input.text("url") ?? (await addressOf());
    if (typeof url !== "string") return url.exit;
    const [now, health] = await Promise.all([
      askedPage<{ readonly view: KioskView }>(url, "api/view"),
      askedPage<Health>(url, "health"),
    ]);
    if (io.json) io.record({ type: "status", url, health, ...now });
    for (const line of statusWords(now.view, health, url)) io.out(line);
    return health.state === "failed" ? "failed" : "done";

    async function addressOf(): Promise<string | { readonly exit: Exit }> {
      const kiosk = await kioskAt(input, io);
      if (typeof kiosk === "string") return { exit: kiosk };
      return pageAddress(kiosk);
    }
  },
};
