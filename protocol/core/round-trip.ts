/** The retransmission time-out of RFC 6298, with Karn's rule left to the caller: only what was sent once is measured. */
import { RETRANSMIT_INITIAL_MS, RETRANSMIT_MAX_MS, RETRANSMIT_MIN_MS } from "./limits.ts";

export interface RoundTrip {
  /** Undefined before the first measurement. */
  smoothedMs: number | undefined;
  variationMs: number;
  timeoutMs: number;
}

export const roundTrip = (): RoundTrip => ({
  smoothedMs: undefined,
  variationMs: 0,
  timeoutMs: RETRANSMIT_INITIAL_MS,
});

/** RFC 6298 section 2. */
export function measured(trip: RoundTrip, sampleMs: number): void {
  if (trip.smoothedMs === undefined) {
    trip.smoothedMs = sampleMs;
    trip.variationMs = sampleMs / 2;
  } else {
    trip.variationMs = 0.75 * trip.variationMs + 0.25 * Math.abs(trip.smoothedMs - sampleMs);
    trip.smoothedMs = 0.875 * trip.smoothedMs + 0.125 * sampleMs;
  }
  progressed(trip);
}

/** Something came through, if only at the second try. On a wire loss is noise, not congestion: to go on backing off would
 * only wait. */
export function progressed(trip: RoundTrip): void {
  if (trip.smoothedMs === undefined) {
    trip.timeoutMs = RETRANSMIT_INITIAL_MS;
    return;
  }
  const timeoutMs = trip.smoothedMs + Math.max(1, 4 * trip.variationMs);
  trip.timeoutMs = Math.min(RETRANSMIT_MAX_MS, Math.max(RETRANSMIT_MIN_MS, timeoutMs));
}

/** RFC 6298 section 5.5. The next measurement or progress undoes it. */
export function timedOut(trip: RoundTrip): void {
  trip.timeoutMs = Math.min(RETRANSMIT_MAX_MS, 2 * trip.timeoutMs);
}
