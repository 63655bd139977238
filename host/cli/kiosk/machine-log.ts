/** What a kiosk's log tells of the machine under it: a journal that is not as it was left, and a clock that was set. */
import { join } from "node:path";
import type { Log } from "../../logs/logger.ts";
import type { NodeClock } from "../../node/clock.ts";
import type { Verdict } from "../../storage/journal/open-journal.ts";

/** Corrections of a running clock are smaller. */
const SET_BY_MS = 2_000;

export function tellVerdict(log: Log, verdict: Verdict, folder: string): void {
  if (verdict.type === "torn tail cut") {
    log.info("the journal's last write was cut short, and nothing that was said is lost", { bytes: verdict.cutSize });
  }
  if (verdict.type !== "damaged") return;
  log.error("the journal is damaged", {
    why: verdict.why,
    setAside: verdict.setAside.map((name) => join(folder, "journal", name)).join(", "),
    next: "nothing now: the others tell what is missing, and nothing is signed until then. A card that does it again is worn out",
  });
}

/** Called now and then. The date may be set at any time; play goes by what the table agrees on. */
export function clockWatch(log: Log, { now, wallMs }: Pick<NodeClock, "now" | "wallMs">): () => void {
  let before = wallMs() - now();
  return () => {
    const offset = wallMs() - now();
    const bySeconds = Math.round((offset - before) / 1000);
    if (Math.abs(offset - before) >= SET_BY_MS) {
      log.warn("this machine's clock was set", {
        bySeconds,
        next: "nothing, if the date is right now: the table goes by the time that its kiosks agree on",
      });
    }
    before = offset;
  };
}
