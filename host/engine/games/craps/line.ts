/** Pass and come, from both sides, and what they become: bets on a number against a seven. A flat bet that has its number
 * is a contract for who bets with the dice; who bets against them may leave, since the worst is over. */

import { isCraps, isPoint, totalOf } from "./dice.ts";
import { layMax } from "./odds.ts";
import {
  EVEN,
  LOSE,
  type Placed,
  PUSH,
  pay,
  type Resolution,
  type Rule,
  STAND,
  type Why,
  wholeUnit,
  win,
} from "./rule.ts";
import { comeOnCode, DONT_PASS_ODDS, dontComeOnCode, numberedCode } from "./spots.ts";
import { stakeOn } from "./state.ts";

const onComeOut = ({ state }: Placed): Why | undefined => (state.point === 0 ? undefined : "only on a come-out");
const withPoint = ({ state }: Placed): Why | undefined => (state.point === 0 ? "only with a point" : undefined);
const byTravelling = (): Why => "only by travelling";
const evenWin = (_spot: unknown, bet: { readonly stake: number }): number => bet.stake;

/** 7 and 11 win, craps lose; then a number decides. */
const withTheDice = (stake: number, total: number, otherwise: Resolution): Resolution => {
  if (total === 7 || total === 11) return win(stake);
  return isCraps(total) ? LOSE : otherwise;
};

const againstTheDice = (stake: number, total: number, bar: number, otherwise: Resolution): Resolution => {
  if (total === 7 || total === 11) return LOSE;
  if (!isCraps(total)) return otherwise;
  return total === bar ? PUSH : win(stake);
};

const numberFirst = (stake: number, total: number, number: number): Resolution =>
  total === number ? win(pay(stake, EVEN)) : total === 7 ? LOSE : STAND;

const sevenFirst = (stake: number, total: number, number: number): Resolution =>
  total === 7 ? win(pay(stake, EVEN)) : total === number ? LOSE : STAND;

export const pass: Rule = {
  layout: "beginner",
  refuses: onComeOut,
  keeps: ({ state }) => (state.point === 0 ? undefined : "contract"),
  unit: wholeUnit,
  resolve: (_spot, { stake }, roll, { point }) =>
    point === 0 ? withTheDice(stake, totalOf(roll), STAND) : numberFirst(stake, totalOf(roll), point),
  winMax: evenWin,
};

export const dontPass: Rule = {
  layout: "beginner",
  refuses: onComeOut,
  keeps: ({ state, bets, config }, left) => {
    const behind = stakeOn(bets, DONT_PASS_ODDS);
    return behind > layMax(state.point, left, config) ? "odds behind it" : undefined;
  },
  unit: wholeUnit,
  resolve: (_spot, { stake }, roll, { point }, { bar }) =>
    point === 0 ? againstTheDice(stake, totalOf(roll), bar, STAND) : sevenFirst(stake, totalOf(roll), point),
  winMax: evenWin,
};

/** A pass bet made on a point that is already there. */
export const put: Rule = {
  layout: "full",
  refuses: ({ spot, state }) =>
    state.point === 0 ? "only with a point" : state.point === spot.number ? undefined : "not the point",
  keeps: () => "contract",
  unit: wholeUnit,
  resolve: ({ number }, { stake }, roll) => numberFirst(stake, totalOf(roll), number),
  winMax: evenWin,
};

export const come: Rule = {
  layout: "beginner",
  refuses: withPoint,
  unit: wholeUnit,
  resolve: (_spot, { stake }, roll) => {
    const total = totalOf(roll);
    return withTheDice(stake, total, isPoint(total) ? { type: "travel", code: comeOnCode(total) } : STAND);
  },
  winMax: evenWin,
};

export const dontCome: Rule = {
  layout: "beginner",
  refuses: withPoint,
  unit: wholeUnit,
  resolve: (_spot, { stake }, roll, _before, { bar }) => {
    const total = totalOf(roll);
    const travels: Resolution = isPoint(total) ? { type: "travel", code: dontComeOnCode(total) } : STAND;
    return againstTheDice(stake, total, bar, travels);
  },
  winMax: evenWin,
};

export const comeOn: Rule = {
  layout: "beginner",
  refuses: byTravelling,
  keeps: () => "contract",
  unit: wholeUnit,
  resolve: ({ number }, { stake }, roll) => numberFirst(stake, totalOf(roll), number),
  winMax: evenWin,
};

export const dontComeOn: Rule = {
  layout: "beginner",
  refuses: byTravelling,
  keeps: ({ spot, bets, config }, left) => {
    const behind = stakeOn(bets, numberedCode("dontComeOdds", spot.number));
    return behind > layMax(spot.number, left, config) ? "odds behind it" : undefined;
  },
  unit: wholeUnit,
  resolve: ({ number }, { stake }, roll) => sevenFirst(stake, totalOf(roll), number),
  winMax: evenWin,
};
