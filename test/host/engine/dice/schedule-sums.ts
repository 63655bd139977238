/** Many schedules one after another, as numbers. */
import { playSchedule, type Ready, type SpeaksOf } from "./schedule.ts";

export interface ScheduleSums {
  schedules: number;
  /** In which a view changed while bets were being locked. */
  withViewChange: number;
  views: number;
  rolls: number;
  /** Partials that left before their bets were committed; and of bets that were replaced. */
  early: number;
  betrayed: number;
  /** The first seed in which a partial left early, or a roll did not end. */
  firstFailure?: { readonly seed: number; readonly why: string };
}

export const ROLLS_COUNT = 2;

export function playSchedules(
  ready: Ready,
  first: number,
  count: number,
  speaksOf: SpeaksOf = "decided",
  onProgress: (sums: ScheduleSums) => void = () => {},
): ScheduleSums {
  const sums: ScheduleSums = { schedules: 0, withViewChange: 0, views: 0, rolls: 0, early: 0, betrayed: 0 };
  for (let seed = first; seed < first + count; seed++) {
    const { early, betrayed, rolls, views } = playSchedule(ready, seed, ROLLS_COUNT, speaksOf);
    sums.schedules += 1;
    sums.withViewChange += views > 0 ? 1 : 0;
    sums.views += views;
    sums.rolls += rolls;
    sums.early += early.length;
    sums.betrayed += betrayed;
    const why = early[0] ?? (rolls < ROLLS_COUNT ? `${rolls} rolls ended` : undefined);
    if (why !== undefined) sums.firstFailure ??= { seed, why };
    onProgress(sums);
  }
  return sums;
}
