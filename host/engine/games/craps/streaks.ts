/** Bets on a shooter's hand under rules of our own, where the usual ones are unclear or pay the player: each says what it is
 * on, when it ends, and what it pays; the edges are worked out from here and published in docs/games.md. */

import { afterSeven, bitCount, forNewShooter, made, runs, runsAfterSeven, sevenOut } from "./bonus.ts";
import { isHard, isPoint, totalOf } from "./dice.ts";
import { LOSE, type Resolution, type Rule, STAND, wholeUnit, win } from "./rule.ts";

const atSevenOut = (stake: number, pays: number): Resolution => (pays === 0 ? LOSE : win(stake * pays));
const progressed = (progress: number): Resolution => ({ type: "progress", progress });

/** The shooter lasts: rolls of the hand before the one that sevens out. Ends there, or at the fortieth. */
export const hotRoller: Rule = {
  layout: "everything",
  refuses: forNewShooter,
  keeps: runs,
  unit: wholeUnit,
  resolve: (_spot, { stake, progress }, roll, before) => {
    if (sevenOut(totalOf(roll), before)) return atSevenOut(stake, hotPays(progress));
    return progress + 1 === HOT_ROLLS_MAX ? win(stake * HOT_BEST) : progressed(progress + 1);
  },
  winMax: (_spot, { stake }) => stake * HOT_BEST,
};

const HOT_ROLLS_MAX = 40;
const HOT_BEST = 50;

const hotPays = (rolls: number): number => (rolls >= 30 ? 20 : rolls >= 20 ? 5 : rolls >= 12 ? 1 : 0);

/** The same hard total twice in a row, before any seven. Remembers the hard total of the last roll. */
export const twiceHard: Rule = {
  layout: "everything",
  refuses: afterSeven,
  keeps: runsAfterSeven,
  unit: wholeUnit,
  resolve: (_spot, { stake, progress }, roll) => {
    const total = totalOf(roll);
    if (total === 7) return LOSE;
    const last = isHard(roll) && isPoint(total) ? total : 0;
    if (last !== 0 && last === progress) return win(stake * TWICE_HARD);
    return last === progress ? STAND : progressed(last);
  },
  winMax: (_spot, { stake }) => stake * TWICE_HARD,
};

const TWICE_HARD = 50;

/** Pass line wins of a shooter, naturals too, before the seven-out; craps count for nothing. Ends there, or at the sixth. */
export const rideTheLine: Rule = {
  layout: "everything",
  refuses: forNewShooter,
  keeps: runs,
  unit: wholeUnit,
  resolve: (_spot, { stake, progress }, roll, before) => {
    const total = totalOf(roll);
    if (sevenOut(total, before)) return atSevenOut(stake, RIDE[progress]);
    const wins = before.point === 0 ? total === 7 || total === 11 : made(total, before);
    if (!wins) return STAND;
    return progress + 1 === RIDE.length - 1 ? win(stake * RIDE[progress + 1]) : progressed(progress + 1);
  },
  winMax: (_spot, { stake }) => stake * RIDE[RIDE.length - 1],
};

const RIDE: readonly number[] = Object.freeze([0, 0, 0, 2, 3, 5, 12]);

/** A seven when it hurts: on the come-out at two to one, or right after the point was set at three to one. */
export const muggsy: Rule = {
  layout: "everything",
  refuses: ({ state }) => (state.point === 0 ? undefined : "only on a come-out"),
  keeps: ({ state }) => (state.point === 0 ? undefined : "contract"),
  unit: wholeUnit,
  resolve: (_spot, { stake }, roll, before) => {
    const total = totalOf(roll);
    if (total === 7) return win(stake * (before.point === 0 ? 2 : 3));
    return before.point === 0 && isPoint(total) ? STAND : LOSE;
  },
  winMax: (_spot, { stake }) => stake * 3,
};

/** The same point made three times by one shooter. Ends there, or at the seven-out. Counts in base three, by point. */
export const replay: Rule = {
  layout: "everything",
  refuses: forNewShooter,
  keeps: runs,
  unit: wholeUnit,
  resolve: (_spot, { stake, progress }, roll, before) => {
    const total = totalOf(roll);
    if (sevenOut(total, before)) return LOSE;
    if (!made(total, before)) return STAND;
    const unit = 3 ** (total < 7 ? total - 4 : total - 5);
    const count = ((progress - (progress % unit)) / unit) % 3;
    return count === 2 ? win(stake * REPLAY) : progressed(progress + unit);
  },
  winMax: (_spot, { stake }) => stake * REPLAY,
};

const REPLAY = 120;

/** Different doubles before a seven, of six. Ends there, or with the sixth. */
export const differentDoubles: Rule = {
  layout: "everything",
  refuses: afterSeven,
  keeps: runsAfterSeven,
  unit: wholeUnit,
  resolve: (_spot, { stake, progress }, roll) => {
    if (totalOf(roll) === 7) return atSevenOut(stake, DOUBLES[bitCount(progress)]);
    if (!isHard(roll)) return STAND;
    const seen = progress | (1 << (roll.first - 1));
    if (bitCount(seen) === 6) return win(stake * DOUBLES[6]);
    return seen === progress ? STAND : progressed(seen);
  },
  winMax: (_spot, { stake }) => stake * DOUBLES[6],
};

const DOUBLES: readonly number[] = Object.freeze([0, 0, 1, 3, 7, 20, 100]);
