/** Bets on the next roll alone. Each is a list of equal parts, a part an event and what it pays; a bet of several parts wins
 * what its parts win less what they lose, so that it never pays other than the sum of them. */
import type { CrapsConfig } from "./config.ts";
import { isCraps, isHard, ROLLS, type Roll, totalOf } from "./dice.ts";
import { anyTime, LOSE, odds, pay, RETURN, type Resolution, type Rule, win } from "./rule.ts";
import { SPOTS, type Spot } from "./spots.ts";

/** What a part pays to one on this roll; undefined where it loses. */
export type Part = (roll: Roll, config: CrapsConfig) => number | undefined;

/** One part for each equal share of the stake. */
export function partsOf(spot: Spot): readonly Part[] {
  const { family, number } = spot;
  switch (family) {
    case "field":
      return [fieldPart];
    case "anySeven":
      return [(roll) => (totalOf(roll) === 7 ? 4 : undefined)];
    case "anyCraps":
      return [(roll) => (isCraps(totalOf(roll)) ? 7 : undefined)];
    case "single":
      return [on(number)];
    case "hop":
      return [hop(Math.floor(number / 10), number % 10)];
    case "hopSevens":
      return [hop(1, 6), hop(2, 5), hop(3, 4)];
    case "horn":
      return HORN;
    case "hornHigh":
      return [...HORN, on(number)];
    case "world":
      return [...HORN, (roll) => (totalOf(roll) === 7 ? 4 : undefined)];
    case "crapsEleven":
      return [(roll) => (isCraps(totalOf(roll)) ? 7 : undefined), on(11)];
    case "hiLo":
      return [on(2), on(12)];
    case "threeWay":
      return [on(2), on(3), on(12)];
    case "hiLoYo":
      return [on(2), on(12), on(11)];
    case "over":
      return [(roll) => (totalOf(roll) > 7 ? 1 : undefined)];
    case "under":
      return [(roll) => (totalOf(roll) < 7 ? 1 : undefined)];
    case "lowDice":
      return [(roll) => (totalOf(roll) === 2 ? 5 : totalOf(roll) < 7 ? 1 : undefined)];
    case "highDice":
      return [(roll) => (totalOf(roll) === 12 ? 5 : totalOf(roll) > 7 ? 1 : undefined)];
    default:
      return [];
  }
}

const on =
  (total: number): Part =>
  (roll, { twoPays, threePays }) => {
    if (totalOf(roll) !== total) return undefined;
    return total === 2 || total === 12 ? twoPays : threePays;
  };

/** The pair in either order: two ways, or one where the faces are equal. */
const hop =
  (low: number, high: number): Part =>
  (roll, { twoPays, threePays }) => {
    const shows = Math.min(roll.first, roll.second) === low && Math.max(roll.first, roll.second) === high;
    if (!shows) return undefined;
    return isHard(roll) ? twoPays : threePays;
  };

const fieldPart: Part = (roll, { fieldTwoPays, fieldTwelvePays }) => {
  const total = totalOf(roll);
  if (total === 2) return fieldTwoPays;
  if (total === 12) return fieldTwelvePays;
  return total >= 5 && total <= 8 ? undefined : 1;
};

const HORN: readonly Part[] = Object.freeze([on(2), on(3), on(11), on(12)]);

/** What all parts together bring, to as many as there are parts. */
function netOf(parts: readonly Part[], roll: Roll, config: CrapsConfig): number {
  let net = 0;
  for (const part of parts) net += part(roll, config) ?? -1;
  return net;
}

function ruleOf(layout: Rule["layout"]): Rule {
  return {
    layout,
    oneRoll: true,
    refuses: anyTime,
    unit: (spot) => PARTS[spot.code].length,
    resolve: (spot, { stake }, roll, _before, config) => resolution(PARTS[spot.code], stake, roll, config),
    winMax: (spot, { stake }, config) => {
      const parts = PARTS[spot.code];
      let most = 0;
      for (const roll of ROLLS) most = Math.max(most, netOf(parts, roll, config));
      return pay(stake, odds(most, parts.length));
    },
  };
}

function resolution(parts: readonly Part[], stake: number, roll: Roll, config: CrapsConfig): Resolution {
  const net = netOf(parts, roll, config);
  if (net === -parts.length) return LOSE;
  return net === 0 ? RETURN : win(pay(stake, [net, parts.length]));
}

/** By code; the arrows above must be there first. */
const PARTS: readonly (readonly Part[])[] = Object.freeze(partsByCode());

function partsByCode(): (readonly Part[])[] {
  const parts = new Array<readonly Part[]>(256).fill([]);
  for (const spot of SPOTS) parts[spot.code] = partsOf(spot);
  return parts;
}

export const field: Rule = ruleOf("beginner");
export const proposition: Rule = ruleOf("full");
