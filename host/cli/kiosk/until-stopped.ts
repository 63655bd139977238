/** A kiosk that runs, until somebody stops it or its disk fails: its service manager is told how it is, and at the end everything is
 * closed in order. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "../../logs/logger.ts";
import { nodeClock } from "../../node/clock.ts";
import { feedWatchdog } from "../../service/feed.ts";
import { notifier } from "../../service/notify.ts";
import type { Exit } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { watchLeave } from "./leave-wish.ts";
import { diskWords, type ServedKiosk } from "./served-kiosk.ts";

/** Where a kiosk that runs says its page's address, for `hardway status`. */
export const ADDRESS_FILE = "address";
/** Nobody waits longer for a journal to be closed than for a card that is slow. */
const CLOSE_WITHIN_MS = 20_000;
const STATUS_EVERY_MS = 30_000;

export async function untilStopped(served: ServedKiosk, folder: string, log: Logger, io: Io): Promise<Exit> {
  const { node, radios } = served.running;
  const told = notifier({ onFault: (why) => log.of("kiosk").warn("systemd is not told", { why }) });
  const startedAt = nodeClock.now();
  let answeredAt: ReturnType<typeof nodeClock.now> | undefined;
  let counters = "";
  const look = (): void => {
    const now = JSON.stringify(radios.reports().map((report) => report.counters));
    if (now !== counters) answeredAt = nodeClock.now();
    counters = now;
    told.status(served.port.view().view.recovery.words);
  };
  told.ready();
  look();
  const timer = setInterval(look, STATUS_EVERY_MS);
  const starve = feedWatchdog({
    ...{ notifier: told, now: nodeClock.now },
    watched: () => ({
      ...{
        startedAt,
        radioCount: radios.reports().length,
        radioAnsweredAt: answeredAt,
        turningSince: node.turningSince(),
      },
    }),
    onStarved: (why) => log.of("kiosk").error("the watchdog is not fed", { why }),
  });
  const stopped = new Promise<undefined>((resolve) => {
    if (io.signal.aborted) resolve(undefined);
    io.signal.addEventListener("abort", () => resolve(undefined));
  });
  const leaving = watchLeave(folder, served.running);
  const failed = await Promise.race([
    stopped,
    leaving.left,
    node.ended.then(
      () => undefined,
      (error: Error) => error,
    ),
  ]);
  clearInterval(timer);
  leaving.stop();
  starve();
  told.stopping();
  forgetAddress(folder);
  if (failed !== undefined) log.of("storage").error("the kiosk ends", { why: failed.message });
  // A disk that failed fails again while it is closed.
  await within(
    served.close().catch(() => {}),
    CLOSE_WITHIN_MS,
  );
  await within(told.settled(), CLOSE_WITHIN_MS);
  await log.close();
  if (failed === undefined) return "done";
  io.err(
    `${diskWords(failed, folder)}.\nNext: make room there, or look after the disk; then hardway run goes on where it was.`,
  );
  return "failed";
}

/** On a disk that can only be read it stays; whoever goes there finds nobody. */
function forgetAddress(folder: string): void {
  try {
    rmSync(join(folder, ADDRESS_FILE), { force: true });
  } catch {
    // Why the kiosk ends says more.
  }
}

const within = (done: Promise<void>, ms: number): Promise<void> =>
  Promise.race([done, new Promise<void>((resolve) => setTimeout(resolve, ms).unref())]);
