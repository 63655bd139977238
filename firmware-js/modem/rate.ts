/** The speed of the serial line. A host that has tested the wire orders a faster one; the session ends with the old speed. At
 * a speed at which nobody opens a session the radio does not stay: whichever end was restarted in the middle, both meet again
 * at the board's first. */
import { millis } from "../../protocol/core/units.ts";
import { refuse } from "./faults.ts";
import { RATE_WITHIN_MS } from "./limits.ts";
import type { Modem } from "./state.ts";
import { feedSerial, type Work } from "./work.ts";

export function orderRate(state: Modem, baud: number): void {
  if (state.facts.bauds.includes(baud)) state.baudDue = baud;
  else refuse(state, "the board has no such rate");
}

/** At the end of a step, when all that was to be said at the old speed has been. */
export function changeRate(state: Modem, baud: number, work: Work): void {
  state.baudDue = undefined;
  state.baud = baud;
  work.effects.push({ type: "baud", baud });
  feedSerial(state, { type: "open", at: state.now, session: (state.serial.session + 1) >>> 0 }, work);
}

export function watchRate(state: Modem): void {
  if (state.baud === state.facts.baud || state.serial.mode === "open") state.rateBy = undefined;
  else state.rateBy ??= millis(state.now + RATE_WITHIN_MS);
}

export function leaveRate(state: Modem): void {
  state.rateBy = undefined;
  state.counters.ratesLeft += 1;
  state.baudDue = state.facts.baud;
}
