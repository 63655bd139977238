/** What the bank may come to owe. Bets that last are reserved with the most that each can win; bets on the next roll can
 * not all win, so of them the worst roll counts, what their losers bring set against it. After any roll the bank still has
 * what the bets that are left may win. */
import { type CrapsConfig, USUAL_CONFIG } from "./config.ts";
import { ROLLS, type Roll } from "./dice.ts";
import { ruleOf } from "./rules.ts";
import { SPOTS, type Spot, spotOf } from "./spots.ts";
import type { Before, Bet, CrapsState } from "./state.ts";

export function reserveOf(config: CrapsConfig, state: CrapsState): number {
  let lasting = 0;
  const next: Bet[] = [];
  for (const bets of state.seats) {
    for (const bet of bets) {
      const rule = ruleOf(bet.code);
      if (rule.oneRoll === true) next.push(bet);
      else lasting += rule.winMax(spotOf(bet.code) as Spot, bet, config, state.point);
    }
  }
  return next.length === 0 ? lasting : lasting + worstRoll(next, config, state);
}

/** No less than that, and without looking at thirty-six rolls: where the bank has so much, it has enough. */
export function reserveAtMost(config: CrapsConfig, state: CrapsState): number {
  let most = 0;
  for (const bets of state.seats) {
    for (const bet of bets) {
      const rule = ruleOf(bet.code);
      if (rule.oneRoll === true) most += bet.stake * ONE_ROLL_PAYS_MAX;
      else most += rule.winMax(spotOf(bet.code) as Spot, bet, config, state.point);
    }
  }
  return most;
}

/** Every bet loses its stake, but on the rolls that it does not lose: those few are looked at. */
function worstRoll(bets: readonly Bet[], config: CrapsConfig, state: CrapsState): number {
  const owed = new Array<number>(PAIRS.length).fill(0);
  let staked = 0;
  for (const bet of bets) {
    staked += bet.stake;
    const rule = ruleOf(bet.code);
    for (const at of NOT_LOST[bet.code]) {
      const resolution = rule.resolve(spotOf(bet.code) as Spot, bet, PAIRS[at], state, config);
      owed[at] += bet.stake + (resolution.type === "win" ? resolution.amount : 0);
    }
  }
  let worst = 0;
  for (const each of owed) if (each - staked > worst) worst = each - staked;
  return worst;
}

const COMING_OUT: Before = Object.freeze({ point: 0, shooter: 0 });
/** No bet on one roll asks which die shows which face. */
const PAIRS: readonly Roll[] = Object.freeze(ROLLS.filter(({ first, second }) => first <= second));

/** Of each bet on one roll, by code, the pairs on which it keeps its stake: on every table the same. */
const NOT_LOST: readonly (readonly number[])[] = Object.freeze(pairsNotLost());

function pairsNotLost(): (readonly number[])[] {
  const table = new Array<readonly number[]>(256).fill([]);
  for (const spot of SPOTS) {
    const rule = ruleOf(spot.code);
    if (rule.oneRoll !== true) continue;
    const bet: Bet = {
      code: spot.code,
      stake: rule.unit(spot, USUAL_CONFIG, 0),
      fee: 0,
      working: "usual",
      progress: 0,
    };
    const isLost = (roll: Roll): boolean => rule.resolve(spot, bet, roll, COMING_OUT, USUAL_CONFIG).type === "lose";
    table[spot.code] = PAIRS.flatMap((roll, at) => (isLost(roll) ? [] : [at]));
  }
  return table;
}

/** To one: the dearest is a total of one way on the next roll, at 34.3. */
const ONE_ROLL_PAYS_MAX = 35;
