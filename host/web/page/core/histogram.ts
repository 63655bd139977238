/** How often each total has come, beside how often it should. */

import { waysOf } from "../../../engine/games/craps/dice.ts";
import type { ShownRoll } from "../../contract/rolls-part.ts";

export interface Bar {
  readonly total: number;
  readonly count: number;
  /** Of so many rolls. */
  readonly expected: number;
}

export function histogramOf(rolls: readonly ShownRoll[]): readonly Bar[] {
  const totals = rolls.flatMap(({ fell }) => (fell === null ? [] : [fell.first + fell.second]));
  return TOTALS.map((total) => ({
    total,
    count: totals.filter((each) => each === total).length,
    expected: (totals.length * waysOf(total)) / 36,
  }));
}

const TOTALS: readonly number[] = Object.freeze([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
