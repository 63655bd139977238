/** What the printed rules say of one bet and one roll, written down once more and by other means than the engine's: a map
 * from a bet's family to what it does, in chips to a stake of one. It knows bets on one roll and on a number. */
import type { Roll } from "../../../../../host/engine/games/craps/dice.ts";
import type { Family } from "../../../../../host/engine/games/craps/spots.ts";

/** What the stake of one gains; "stands" where nothing is decided, "back" where it comes home as it is. */
export type Said = number | "stands" | "back";

export interface Asked {
  readonly family: Family;
  readonly number: number;
  readonly roll: Roll;
  readonly point: number;
  /** The badge of the bet. */
  readonly on: boolean;
}

const CRAPS = [2, 3, 12];
const PLACE: Pays = { 4: 9 / 5, 5: 7 / 5, 6: 7 / 6, 8: 7 / 6, 9: 7 / 5, 10: 9 / 5 };
const LOSE: Pays = { 4: 5 / 11, 5: 5 / 8, 6: 4 / 5, 8: 4 / 5, 9: 5 / 8, 10: 5 / 11 };
const ODDS: Pays = { 4: 2, 5: 3 / 2, 6: 6 / 5, 8: 6 / 5, 9: 3 / 2, 10: 2 };
const SINGLE: Pays = { 2: 30, 3: 15, 11: 15, 12: 30 };
const WAYS: Pays = { 2: 1, 3: 2, 4: 3, 5: 4, 6: 5, 7: 6, 8: 5, 9: 4, 10: 3, 11: 2, 12: 1 };
const HARD: Pays = { 4: 7, 6: 9, 8: 9, 10: 7 };
const YES = [0, 5.88, 2.94, 1.96, 1.47, 1.18];
const NO = [0, 0.16, 0.33, 0.49, 0.65, 0.82];
const NEXT = [0, 34.3, 16.66, 10.78, 7.84, 6.08, 4.9];

type Pays = { readonly [number: number]: number };

/** Undefined for a family that is not said here. */
export function specified({ family, number, roll, point, on }: Asked): Said | undefined {
  const total = roll.first + roll.second;
  const before = (pays: number): Said => (!on ? "stands" : total === number ? pays : total === 7 ? -1 : "stands");
  const after = (pays: number): Said => (!on ? "stands" : total === 7 ? pays : total === number ? -1 : "stands");
  const once = (pays: number | undefined): Said => pays ?? -1;
  const parts = (list: readonly number[], seven = false): Said => {
    const size = list.length + (seven ? 1 : 0);
    let net = 0;
    for (const each of list) net += each === total ? SINGLE[each] : -1;
    if (seven) net += total === 7 ? 4 : -1;
    return net === 0 ? "back" : net / size;
  };
  switch (family) {
    case "pass":
      if (point !== 0) return total === point ? 1 : total === 7 ? -1 : "stands";
      return total === 7 || total === 11 ? 1 : CRAPS.includes(total) ? -1 : "stands";
    case "dontPass":
      if (point !== 0) return total === 7 ? 1 : total === point ? -1 : "stands";
      return total === 7 || total === 11 ? -1 : total === 2 || total === 3 ? 1 : "stands";
    case "come":
      return total === 7 || total === 11 ? 1 : CRAPS.includes(total) ? -1 : "stands";
    case "dontCome":
      return total === 7 || total === 11 ? -1 : total === 2 || total === 3 ? 1 : "stands";
    case "put":
    case "comeOn":
      return total === number ? 1 : total === 7 ? -1 : "stands";
    case "dontComeOn":
      return total === 7 ? 1 : total === number ? -1 : "stands";
    case "passOdds":
      return total === point ? ODDS[point] : total === 7 ? -1 : "stands";
    case "dontPassOdds":
      return total === 7 ? 1 / ODDS[point] : total === point ? -1 : "stands";
    case "comeOdds":
      if (!on) return total === number || total === 7 ? "back" : "stands";
      return before(ODDS[number]);
    case "dontComeOdds":
      if (!on) return total === number || total === 7 ? "back" : "stands";
      return after(1 / ODDS[number]);
    case "place":
      return before(PLACE[number]);
    case "placeToLose":
      return after(LOSE[number]);
    case "buy":
      return before(ODDS[number] - 0.05);
    case "lay":
      return after((1 / ODDS[number]) * 0.95);
    case "big":
      return before(1);
    case "hard":
      if (!on || (total !== number && total !== 7)) return "stands";
      return total === number && roll.first === roll.second ? HARD[number] : -1;
    case "field":
      return once([3, 4, 9, 10, 11].includes(total) ? 1 : total === 2 ? 2 : total === 12 ? 3 : undefined);
    case "anySeven":
      return total === 7 ? 4 : -1;
    case "anyCraps":
      return CRAPS.includes(total) ? 7 : -1;
    case "single":
      return total === number ? SINGLE[number] : -1;
    case "hop": {
      const shown = [roll.first, roll.second].sort((a, b) => a - b).join("");
      return shown !== `${number}` ? -1 : roll.first === roll.second ? 30 : 15;
    }
    case "hopSevens":
      return total === 7 ? 13 / 3 : -1;
    case "horn":
      return parts([2, 3, 11, 12]);
    case "hornHigh":
      return parts([2, 3, 11, 12, number]);
    case "world":
      return parts([2, 3, 11, 12], true);
    case "crapsEleven":
      return total === 11 ? 7 : CRAPS.includes(total) ? 3 : -1;
    case "hiLo":
      return parts([2, 12]);
    case "threeWay":
      return parts([2, 3, 12]);
    case "hiLoYo":
      return parts([2, 12, 11]);
    case "over":
      return total > 7 ? 1 : -1;
    case "under":
      return total < 7 ? 1 : -1;
    case "lowDice":
      return total === 2 ? 5 : total < 7 ? 1 : -1;
    case "highDice":
      return total === 12 ? 5 : total > 7 ? 1 : -1;
    case "yes":
      return before(YES[WAYS[number]]);
    case "no":
      return after(NO[WAYS[number]]);
    case "next":
      return total === number ? NEXT[WAYS[number]] : -1;
    default:
      return undefined;
  }
}
