/**
 * Whether somebody's reveals fail to come just when they would have lost. With recovery the outcome is known all the same, and so
 * is the exact chance that it was bad for whoever was missing. Lost packets know nothing of outcomes: an honest kiosk's number
 * falls toward 0 however bad its link. An e-process, for people; part of no agreed state.
 */
import { assert } from "../../../protocol/core/assert.ts";
import { binomialTail } from "./tails.ts";

export interface AbortMeter {
  aborts: number;
  losing: number;
  /** ln E. */
  log: number;
}

export const abortMeter = (): AbortMeter => ({ aborts: 0, losing: 0, log: 0 });

/** A reveal did not come. `lossChance` is what the engine knows of bets and dice before the roll. */
export function aborted(meter: AbortMeter, lossChance: number, wouldHaveLost: boolean): void {
  assert(lossChance >= 0 && lossChance <= 1, "a chance is within its bounds");
  meter.aborts += 1;
  if (wouldHaveLost) meter.losing += 1;
  // Who had nothing to win or lose says nothing by staying away; nor does who is sure to lose beyond what is suspected.
  if (lossChance <= 0 || lossChance >= LOSING_SHARE) return;
  const ratio = wouldHaveLost ? LOSING_SHARE / lossChance : (1 - LOSING_SHARE) / (1 - lossChance);
  meter.log += Math.log(ratio);
}

/** Most aborts of so many reveals that a link with this loss has, but for one night in a thousand. */
export function honestAbortsMax(reveals: number, loss: number): number {
  let most = 0;
  while (binomialTail(reveals, loss, most) >= ONE_NIGHT) most += 1;
  return most;
}

/** How often who chooses would abort at a loss. */
const LOSING_SHARE = 0.99;
const ONE_NIGHT = 0.001;
