/** Bets on what a run of rolls brings before a seven: fire, small, tall and all, and repeaters. What a bet has seen is kept
 * with the bet, and begins with it. They are no one's to take down once they run. */
import { POINTS, totalOf } from "./dice.ts";
import { LOSE, type Placed, type Resolution, type Rule, STAND, type Why, wholeUnit, win } from "./rule.ts";
import { type Before, betOn } from "./state.ts";

export const forNewShooter = (placed: Placed): Why | undefined =>
  placed.state.fresh ? running(placed) : "only for a new shooter";
export const afterSeven = (placed: Placed): Why | undefined =>
  placed.state.afterSeven ? running(placed) : "only after a seven";

function running({ spot, bets }: Placed): Why | undefined {
  return (betOn(bets, spot.code)?.progress ?? 0) === 0 ? undefined : "already running";
}

/** While it could still be made, and has seen nothing, it may be taken back. */
export const runs = (placed: Placed): Why | undefined => (forNewShooter(placed) === undefined ? undefined : "contract");
export const runsAfterSeven = (placed: Placed): Why | undefined =>
  afterSeven(placed) === undefined ? undefined : "contract";

/** One bit for each point. */
const bitOf = (point: number): number => 1 << POINTS.indexOf(point);

export function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

export const made = (total: number, { point }: Before): boolean => point !== 0 && total === point;
export const sevenOut = (total: number, { point }: Before): boolean => point !== 0 && total === 7;

/** Chips to one for so many different points made. */
const FIRE = Object.freeze({
  a: [0, 0, 0, 0, 24, 249, 999],
  b: [0, 0, 0, 0, 10, 200, 2000],
  c: [0, 0, 0, 6, 29, 149, 299],
} as const);

export const fire: Rule = {
  layout: "everything",
  refuses: forNewShooter,
  keeps: runs,
  unit: wholeUnit,
  resolve: (_spot, { stake, progress }, roll, before, config) => {
    const total = totalOf(roll);
    const pays = FIRE[config.fire];
    if (sevenOut(total, before)) {
      const to = pays[bitCount(progress)];
      return to === 0 ? LOSE : win(stake * to);
    }
    if (!made(total, before)) return STAND;
    const seen = progress | bitOf(total);
    return bitCount(seen) === 6 ? win(stake * pays[6]) : { type: "progress", progress: seen };
  },
  winMax: (_spot, { stake }, config) => stake * FIRE[config.fire][6],
};

/** All totals of a set before a seven; the bits follow the totals. */
function collect(set: readonly number[], stake: number, progress: number, total: number, pays: number): Resolution {
  if (total === 7) return LOSE;
  const at = set.indexOf(total);
  if (at < 0) return STAND;
  const seen = progress | (1 << at);
  if (seen === (1 << set.length) - 1) return win(stake * pays);
  return seen === progress ? STAND : { type: "progress", progress: seen };
}

const SMALL = Object.freeze([2, 3, 4, 5, 6]);
const TALL = Object.freeze([8, 9, 10, 11, 12]);
const ALL = Object.freeze([...SMALL, ...TALL]);

function collecting(set: readonly number[], pays: "smallPays" | "allPays"): Rule {
  return {
    layout: "everything",
    refuses: afterSeven,
    keeps: runsAfterSeven,
    unit: wholeUnit,
    resolve: (_spot, { stake, progress }, roll, _before, config) =>
      collect(set, stake, progress, totalOf(roll), config[pays]),
    winMax: (_spot, { stake }, config) => stake * config[pays],
  };
}

export const small: Rule = collecting(SMALL, "smallPays");
export const tall: Rule = collecting(TALL, "smallPays");
export const all: Rule = collecting(ALL, "allPays");

/** By how many of the thirty-six ways show the total: so often it must come, and so much it pays. */
const REPEATS = Object.freeze([2, 3, 4, 5, 6]);
const REPEATER = Object.freeze([40, 50, 65, 80, 90]);

export const repeater: Rule = {
  layout: "everything",
  refuses: afterSeven,
  keeps: runsAfterSeven,
  unit: wholeUnit,
  resolve: ({ number }, { stake, progress }, roll, _before, { repeaters }) => {
    const total = totalOf(roll);
    if (total === 7) return LOSE;
    if (total !== number) return STAND;
    const row = 5 - Math.abs(7 - number);
    if (progress + 1 < REPEATS[row]) return { type: "progress", progress: progress + 1 };
    return win(stake * (REPEATER[row] - (repeaters === "for" ? 1 : 0)));
  },
  winMax: ({ number }, { stake }) => stake * REPEATER[5 - Math.abs(7 - number)],
};
