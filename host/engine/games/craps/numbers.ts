/** Bets on a number against a seven: place, buy, lay, place to lose, big and the hardways. They stay up while they win, may
 * be taken down at any time, and rest on a come-out unless they are called or the layout says otherwise. */
import type { CrapsConfig } from "./config.ts";
import { isHard, totalOf } from "./dice.ts";
import {
  against,
  anyTime,
  EVEN,
  LOSE,
  type Odds,
  odds,
  pay,
  type Resolution,
  type Rule,
  STAND,
  TRUE_ODDS,
  wholeUnit,
  win,
  works,
} from "./rule.ts";

/** By how far the number is from seven: 4 and 10, 5 and 9, 6 and 8. */
type ByNumber = { readonly [number: number]: Odds };
const mirrored = (four: Odds, five: Odds, six: Odds): ByNumber =>
  Object.freeze({ 4: four, 5: five, 6: six, 8: six, 9: five, 10: four });

const PLACE = mirrored(odds(9, 5), odds(7, 5), odds(7, 6));
const TO_LOSE = mirrored(odds(5, 11), odds(5, 8), odds(4, 5));
const HARD: ByNumber = Object.freeze({ 4: odds(7, 1), 6: odds(9, 1), 8: odds(9, 1), 10: odds(7, 1) });

function numberFirst(number: number, total: number, amount: () => number, stays = true): Resolution {
  return total === number ? win(amount(), stays) : total === 7 ? LOSE : STAND;
}

function sevenFirst(number: number, total: number, amount: () => number, stays = true): Resolution {
  return total === 7 ? win(amount(), stays) : total === number ? LOSE : STAND;
}

export const place: Rule = {
  layout: "beginner",
  calls: () => false,
  refuses: anyTime,
  unit: ({ number }) => PLACE[number][1],
  resolve: ({ number }, bet, roll, before, config) =>
    works(place, bet, before, config) ? numberFirst(number, totalOf(roll), () => pay(bet.stake, PLACE[number])) : STAND,
  winMax: ({ number }, { stake }) => pay(stake, PLACE[number]),
};

export const placeToLose: Rule = {
  layout: "full",
  calls: ({ layWorks }) => layWorks,
  refuses: anyTime,
  unit: ({ number }) => TO_LOSE[number][1],
  resolve: ({ number }, bet, roll, before, config) =>
    works(placeToLose, bet, before, config)
      ? sevenFirst(number, totalOf(roll), () => pay(bet.stake, TO_LOSE[number]))
      : STAND,
  winMax: ({ number }, { stake }) => pay(stake, TO_LOSE[number]),
};

/** True odds, for a twentieth of the stake. */
export const buy: Rule = {
  layout: "full",
  calls: () => false,
  refuses: anyTime,
  unit: () => TWENTIETH,
  fee: (_spot, stake, config) => (config.fee === "withStake" ? feeOn(stake, TWENTIETH, config) : 0),
  resolve: ({ number }, bet, roll, before, config) =>
    works(buy, bet, before, config)
      ? numberFirst(number, totalOf(roll), () => bought(number, bet.stake, config), config.fee === "onWin")
      : STAND,
  winMax: ({ number }, { stake }, config) => bought(number, stake, config),
};

/** True odds from the other side, for a twentieth of what it wins. */
export const lay: Rule = {
  layout: "full",
  calls: ({ layWorks }) => layWorks,
  refuses: anyTime,
  unit: ({ number }) => feeDivisor(number),
  fee: ({ number }, stake, config) => (config.fee === "withStake" ? feeOn(stake, feeDivisor(number), config) : 0),
  resolve: ({ number }, bet, roll, before, config) =>
    works(lay, bet, before, config)
      ? sevenFirst(number, totalOf(roll), () => laid(number, bet.stake, config), config.fee === "onWin")
      : STAND,
  winMax: ({ number }, { stake }, config) => laid(number, stake, config),
};

export const big: Rule = {
  layout: "full",
  refuses: anyTime,
  unit: wholeUnit,
  resolve: ({ number }, { stake }, roll) => numberFirst(number, totalOf(roll), () => pay(stake, EVEN)),
  winMax: (_spot, { stake }) => stake,
};

/** The number by two equal dice, before a seven and before the number in any other way. */
export const hard: Rule = {
  layout: "beginner",
  calls: ({ hardWorks }) => hardWorks,
  refuses: anyTime,
  unit: wholeUnit,
  resolve: ({ number }, bet, roll, before, config) => {
    const total = totalOf(roll);
    if (!works(hard, bet, before, config) || (total !== number && total !== 7)) return STAND;
    return total === number && isHard(roll) ? win(pay(bet.stake, HARD[number]), config.hardStays) : LOSE;
  },
  winMax: ({ number }, { stake }) => pay(stake, HARD[number]),
};

/** A twentieth of what a lay bet wins, as a part of its stake: 40, 30 or 24 chips bring a fee of one. */
const feeDivisor = (number: number): number => (TWENTIETH * TRUE_ODDS[number][0]) / TRUE_ODDS[number][1];

function feeOn(stake: number, divisor: number, { feeRounding }: CrapsConfig): number {
  const whole = (stake - (stake % divisor)) / divisor;
  if (feeRounding === "up") return stake % divisor === 0 ? whole : whole + 1;
  return Math.max(1, whole);
}

function bought(number: number, stake: number, config: CrapsConfig): number {
  const won = pay(stake, TRUE_ODDS[number]);
  return config.fee === "onWin" ? Math.max(0, won - feeOn(stake, TWENTIETH, config)) : won;
}

function laid(number: number, stake: number, config: CrapsConfig): number {
  const won = pay(stake, against(TRUE_ODDS[number]));
  return config.fee === "onWin" ? Math.max(0, won - feeOn(stake, feeDivisor(number), config)) : won;
}

const TWENTIETH = 20;
