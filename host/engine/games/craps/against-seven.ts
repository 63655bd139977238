/** Yes, no and next: any total before a seven, a seven before any total, and any total at once. They work on every roll, at
 * figures near to true odds; what they pay is in hundredths, so stakes are multiples of what makes that whole. */
import { totalOf, waysOf } from "./dice.ts";
import { anyTime, LOSE, type Odds, odds, pay, type Rule, STAND, win } from "./rule.ts";

/** To a hundred, by how many of the thirty-six ways show the total. */
const YES: readonly Odds[] = Object.freeze([588, 294, 196, 147, 118].map((pays) => odds(pays, 100)));
const NO: readonly Odds[] = Object.freeze([16, 33, 49, 65, 82].map((pays) => odds(pays, 100)));
const NEXT: readonly Odds[] = Object.freeze([3430, 1666, 1078, 784, 608, 490].map((pays) => odds(pays, 100)));

const onTotal = (table: readonly Odds[], total: number): Odds => table[waysOf(total) - 1];

export const yes: Rule = {
  layout: "everything",
  refuses: anyTime,
  unit: ({ number }) => onTotal(YES, number)[1],
  resolve: ({ number }, { stake }, roll) => {
    const total = totalOf(roll);
    return total === number ? win(pay(stake, onTotal(YES, number))) : total === 7 ? LOSE : STAND;
  },
  winMax: ({ number }, { stake }) => pay(stake, onTotal(YES, number)),
};

export const no: Rule = {
  layout: "everything",
  refuses: anyTime,
  unit: ({ number }) => onTotal(NO, number)[1],
  resolve: ({ number }, { stake }, roll) => {
    const total = totalOf(roll);
    return total === 7 ? win(pay(stake, onTotal(NO, number))) : total === number ? LOSE : STAND;
  },
  winMax: ({ number }, { stake }) => pay(stake, onTotal(NO, number)),
};

export const next: Rule = {
  layout: "everything",
  oneRoll: true,
  refuses: anyTime,
  unit: ({ number }) => onTotal(NEXT, number)[1],
  resolve: ({ number }, { stake }, roll) => (totalOf(roll) === number ? win(pay(stake, onTotal(NEXT, number))) : LOSE),
  winMax: ({ number }, { stake }) => pay(stake, onTotal(NEXT, number)),
};
