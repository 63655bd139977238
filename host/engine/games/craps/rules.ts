/** Each family's rule: a family without one does not compile. */
import { next, no, yes } from "./against-seven.ts";
import { all, fire, repeater, small, tall } from "./bonus.ts";
import { come, comeOn, dontCome, dontComeOn, dontPass, pass, put } from "./line.ts";
import { big, buy, hard, lay, place, placeToLose } from "./numbers.ts";
import { comeOdds, dontComeOdds, dontPassOdds, passOdds } from "./odds.ts";
import { field, proposition } from "./one-roll.ts";
import type { Rule } from "./rule.ts";
import { type Family, SPOTS, spotOf } from "./spots.ts";
import { differentDoubles, hotRoller, muggsy, replay, rideTheLine, twiceHard } from "./streaks.ts";

const RULES: { readonly [F in Family]: Rule } = Object.freeze({
  ...{ pass, dontPass, come, dontCome, put, comeOn, dontComeOn },
  ...{ passOdds, dontPassOdds, comeOdds, dontComeOdds },
  ...{ place, buy, lay, placeToLose, big, hard },
  ...{ field, anySeven: proposition, anyCraps: proposition, single: proposition, hop: proposition },
  ...{ over: proposition, under: proposition, lowDice: proposition, highDice: proposition },
  ...{ horn: proposition, hornHigh: proposition, world: proposition, crapsEleven: proposition },
  ...{ hiLo: proposition, threeWay: proposition, hiLoYo: proposition, hopSevens: proposition },
  ...{ yes, no, next },
  ...{ fire, small, tall, all, repeater },
  ...{ hotRoller, twiceHard, rideTheLine, muggsy, replay, differentDoubles },
});

const BY_CODE: readonly (Rule | undefined)[] = Object.freeze(byCode());

/** Of a code that names a bet. */
export const ruleOf = (code: number): Rule => BY_CODE[code] as Rule;

function byCode(): (Rule | undefined)[] {
  const table = new Array<Rule | undefined>(256).fill(undefined);
  for (const { code } of SPOTS) table[code] = RULES[(spotOf(code) as { family: Family }).family];
  return table;
}
