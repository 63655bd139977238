/** Odds behind a flat bet: paid as chance is, so without any edge. They stand only behind a bet on the same number, and no
 * larger than the table's multiple of it; who lays them may win that multiple. */
import type { CrapsConfig } from "./config.ts";
import { totalOf } from "./dice.ts";
import {
  against,
  LOSE,
  type Placed,
  pay,
  RETURN,
  type Resolution,
  type Rule,
  STAND,
  TRUE_ODDS,
  type Why,
  win,
  works,
} from "./rule.ts";
import { comeOnCode, DONT_PASS, dontComeOnCode, numberedCode, PASS, type Spot } from "./spots.ts";
import { stakeOn } from "./state.ts";

/** Flat stakes that may be taken behind one. */
function multipleOn(point: number, config: CrapsConfig): number {
  if (point === 4 || point === 10) return config.oddsFour;
  return point === 5 || point === 9 ? config.oddsFive : config.oddsSix;
}

export const takeMax = (point: number, flat: number, config: CrapsConfig): number => flat * multipleOn(point, config);

/** What wins the multiple: true odds turned round. */
export const layMax = (point: number, flat: number, config: CrapsConfig): number =>
  point === 0 ? 0 : pay(flat * multipleOn(point, config), TRUE_ODDS[point]);

function behind(
  { spot, state, bets, config }: Placed,
  stake: number,
  flat: number,
  max: (point: number, flat: number, config: CrapsConfig) => number,
): Why | undefined {
  const point = spot.number === 0 ? state.point : spot.number;
  if (point === 0) return "only with a point";
  if (flat === 0 || bets.length === 0) return "no flat bet";
  return stake > max(point, flat, config) ? "above the odds" : undefined;
}

const withTheDice = (stake: number, total: number, point: number): Resolution =>
  total === point ? win(pay(stake, TRUE_ODDS[point])) : total === 7 ? LOSE : STAND;

const againstTheDice = (stake: number, total: number, point: number): Resolution =>
  total === 7 ? win(pay(stake, against(TRUE_ODDS[point]))) : total === point ? LOSE : STAND;

/** While a bet is off, its flat bet may still be decided, and the odds come back. */
function unlessOff(on: boolean, resolution: Resolution): Resolution {
  return on || resolution.type === "stand" ? resolution : RETURN;
}

/** Line odds are made on the point that the puck shows, and it stays until they are resolved. */
export const passOdds: Rule = {
  layout: "beginner",
  fair: true,
  refuses: (placed, stake) => {
    const { state, bets } = placed;
    return behind(placed, stake, stakeOn(bets, PASS) + stakeOn(bets, numberedCode("put", state.point)), takeMax);
  },
  unit: (_spot, _config, point) => TRUE_ODDS[point][1],
  resolve: (_spot, { stake }, roll, { point }) => withTheDice(stake, totalOf(roll), point),
  winMax: (_spot, { stake }, _config, point) => pay(stake, TRUE_ODDS[point]),
};

export const dontPassOdds: Rule = {
  layout: "beginner",
  fair: true,
  refuses: (placed, stake) => behind(placed, stake, stakeOn(placed.bets, DONT_PASS), layMax),
  unit: (_spot, _config, point) => TRUE_ODDS[point][0],
  resolve: (_spot, { stake }, roll, { point }) => againstTheDice(stake, totalOf(roll), point),
  winMax: (_spot, { stake }, _config, point) => pay(stake, against(TRUE_ODDS[point])),
};

export const comeOdds: Rule = {
  layout: "beginner",
  fair: true,
  calls: () => false,
  refuses: (placed, stake) => behind(placed, stake, stakeOn(placed.bets, comeOnCode(placed.spot.number)), takeMax),
  unit: ({ number }: Spot) => TRUE_ODDS[number][1],
  resolve: ({ number }, bet, roll, before, config) =>
    unlessOff(works(comeOdds, bet, before, config), withTheDice(bet.stake, totalOf(roll), number)),
  winMax: ({ number }, { stake }) => pay(stake, TRUE_ODDS[number]),
};

export const dontComeOdds: Rule = {
  layout: "beginner",
  fair: true,
  calls: () => true,
  refuses: (placed, stake) => behind(placed, stake, stakeOn(placed.bets, dontComeOnCode(placed.spot.number)), layMax),
  unit: ({ number }: Spot) => TRUE_ODDS[number][0],
  resolve: ({ number }, bet, roll, before, config) =>
    unlessOff(works(dontComeOdds, bet, before, config), againstTheDice(bet.stake, totalOf(roll), number)),
  winMax: ({ number }, { stake }) => pay(stake, against(TRUE_ODDS[number])),
};
