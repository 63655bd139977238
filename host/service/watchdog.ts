/**
 * Whether the machine's watchdog is fed. One that is fed by a timer alone keeps a kiosk alive that is dead to everybody: its
 * radios must have answered, and its loop must come round. Who cannot play is started again.
 */
import type { Millis } from "../../protocol/core/units.ts";
import { RADIO_SILENT_MAX_MS, TURN_MAX_MS } from "./limits.ts";

export interface Watched {
  readonly startedAt: Millis;
  /** A kiosk without radios, as one at a desk, is alive by its loop alone. */
  readonly radioCount: number;
  /** When any of them has answered last; undefined where none has. */
  readonly radioAnsweredAt: Millis | undefined;
  /** Since when the kiosk's loop is in its present turn; undefined while it waits for something to do. */
  readonly turningSince: Millis | undefined;
}

export type Feed = { readonly ok: true } | { readonly ok: false; readonly why: string };

export function mayFeed(of: Watched, now: Millis): Feed {
  const { turningSince, radioCount } = of;
  if (turningSince !== undefined && now - turningSince > TURN_MAX_MS) {
    return { ok: false, why: `the kiosk's loop has been in one turn for ${seconds(now - turningSince)}` };
  }
  if (radioCount === 0) return { ok: true };
  // A start has the time that a radio has that falls silent: it may be the radio that is slow.
  const silentSince = of.radioAnsweredAt ?? of.startedAt;
  if (now - silentSince <= RADIO_SILENT_MAX_MS) return { ok: true };
  const whom = radioCount === 1 ? "the radio has not" : `none of ${radioCount} radios has`;
  return { ok: false, why: `${whom} answered for ${seconds(now - silentSince)}` };
}

const seconds = (ms: number): string => `${Math.floor(ms / 1000)} s`;
