/** What a radio does about a board, a stack or a wire that no longer answers: each row of the table is a deadline and its
 * remedy, and the last remedy is a restart that says why. */
import { DEAD_AFTER_MS } from "../../protocol/core/limits.ts";
import { millis } from "../../protocol/core/units.ts";
import { DEAF_REOPEN_MS, DEAF_RESTART_MS, DISCONNECT_TRIES_MAX, DISCONNECT_WITHIN_MS } from "./limits.ts";
import { leaveRate } from "./rate.ts";
import type { Modem } from "./state.ts";
import type { Work } from "./work.ts";

interface Row {
  /** When it is due; undefined while there is nothing to wait for. */
  readonly at: (state: Modem) => number | undefined;
  readonly remedy: (state: Modem, work: Work) => void;
}

const TABLE: readonly Row[] = Object.freeze([
  {
    at: (state: Modem) => state.readyBy,
    remedy: (state: Modem, work: Work) => restart(state, "normal", "the stack did not get ready", work),
  },
  {
    at: (state: Modem) => state.connecting?.overBy,
    remedy: (state: Modem, work: Work) => restart(state, "normal", "a connection could not be cancelled", work),
  },
  { at: (state: Modem) => state.closing[0]?.by, remedy: disconnectAgain },
  { at: (state: Modem) => state.rateBy, remedy: leaveRate },
]);

export function onHealthDue(state: Modem, work: Work): void {
  for (const { at, remedy } of TABLE) {
    const due = at(state);
    if (due !== undefined && state.now >= due && !state.stopped) remedy(state, work);
  }
}

export function healthDeadline(state: Modem): number {
  let at = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TABLE.length; i++) at = Math.min(at, TABLE[i].at(state) ?? Number.POSITIVE_INFINITY);
  return at;
}

export function restart(state: Modem, into: "normal" | "bootloader", why: string, work: Work): void {
  state.stopped = true;
  work.effects.push({ type: "restart", into, why });
}

/** Bytes that are no frame are a wrong speed, a babbling wire or another program. A frame ends the wait, and so does a
 * pause, after which whatever comes is a new beginning. */
export function onBytes(state: Modem, work: Work): void {
  const { framesIn } = state.serial.counters;
  const paused = state.now - state.bytesAt >= DEAD_AFTER_MS;
  state.bytesAt = state.now;
  if (framesIn !== state.framesHeard) {
    state.framesHeard = framesIn;
    state.deafSince = undefined;
    state.reopened = false;
  } else if (state.deafSince === undefined || paused) {
    state.deafSince = state.now;
  } else if (state.now - state.deafSince >= DEAF_RESTART_MS) {
    restart(state, "normal", "nothing on the wire is a frame", work);
  } else if (state.now - state.deafSince >= DEAF_REOPEN_MS && !state.reopened) {
    state.reopened = true;
    work.effects.push({ type: "reopenSerial" });
  }
}

/** They are in the order of their deadlines: each is asked again behind the others. */
function disconnectAgain(state: Modem, work: Work): void {
  const { closing } = state;
  while (closing.length > 0 && state.now >= closing[0].by) {
    const { handle, tries } = closing[0];
    if (tries === DISCONNECT_TRIES_MAX) {
      restart(state, "normal", "a connection could not be ended", work);
      return;
    }
    closing.shift();
    closing.push({ handle, by: millis(state.now + DISCONNECT_WITHIN_MS), tries: tries + 1 });
    work.effects.push({ type: "disconnect", handle });
  }
}
