/**
 * Patience with primaries: each view that fails doubles it, so that it once exceeds whatever the network takes; and what goes
 * well takes it back step by step. To begin anew after the first success would let every second view of a slow air fail.
 */
import { BACK_OFF_DOUBLINGS_MAX, BACK_OFF_STEP_COUNT, BACKED_OFF_MAX_MS } from "./limits.ts";

export interface BackOff {
  doublings: number;
  /** Decided since the last step or failure. */
  decided: number;
}

export const backOff = (): BackOff => ({ doublings: 0, decided: 0 });

/** A view ended without having been asked to: its primary was suspected, or never came. */
export function failed(patience: BackOff): void {
  patience.doublings = Math.min(BACK_OFF_DOUBLINGS_MAX, patience.doublings + 1);
  patience.decided = 0;
}

/** A sequence was decided. */
export function succeeded(patience: BackOff): void {
  if (patience.doublings === 0) return;
  patience.decided += 1;
  if (patience.decided < BACK_OFF_STEP_COUNT) return;
  patience.doublings -= 1;
  patience.decided = 0;
}

/** T·2^i, within its bound. */
export function backedOffMs(timeoutMs: number, doublings: number): number {
  return Math.min(BACKED_OFF_MAX_MS, timeoutMs * 2 ** Math.min(BACK_OFF_DOUBLINGS_MAX, doublings));
}
