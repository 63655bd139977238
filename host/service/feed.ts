/** Feeds the machine's watchdog while the kiosk can play, and tells why where it no longer is. */
import type { Millis } from "../../protocol/core/units.ts";
import { FEEDS_PER_WATCHDOG_COUNT } from "./limits.ts";
import type { Notifier } from "./notify.ts";
import { mayFeed, type Watched } from "./watchdog.ts";

export interface FeedOptions {
  readonly notifier: Notifier;
  readonly watched: () => Watched;
  readonly now: () => Millis;
  /** Once each time that it stops being fed. */
  readonly onStarved?: (why: string) => void;
}

/** Answers what ends it. The timer itself shows that the event loop turns. */
export function feedWatchdog({ notifier, watched, now, onStarved = () => {} }: FeedOptions): () => void {
  const { watchdogMs } = notifier;
  if (watchdogMs === undefined) return () => {};
  let isStarved = false;
  const feed = (): void => {
    const verdict = mayFeed(watched(), now());
    if (verdict.ok) notifier.alive();
    else if (!isStarved) {
      notifier.status(`not well: ${verdict.why}`);
      onStarved(verdict.why);
    }
    isStarved = !verdict.ok;
  };
  feed();
  const timer = setInterval(feed, watchdogMs / FEEDS_PER_WATCHDOG_COUNT);
  return () => clearInterval(timer);
}
