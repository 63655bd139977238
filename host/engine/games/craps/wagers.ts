/** How each bet of the layout comes to be made, so that the framework can work out its edge from the settlement. */
import type { Step, Wager } from "../../game/game.ts";
import type { CrapsConfig } from "./config.ts";
import { POINTS, ROLLS, type Roll, totalOf } from "./dice.ts";
import { leastOn } from "./legal.ts";
import type { CrapsAction } from "./moves.ts";
import { layMax, takeMax } from "./odds.ts";
import { ruleOf } from "./rules.ts";
import {
  COME,
  comeOnCode,
  DONT_COME,
  DONT_PASS,
  DONT_PASS_ODDS,
  dontComeOnCode,
  PASS,
  PASS_ODDS,
  SPOTS,
  type Spot,
  TRAVELLED,
} from "./spots.ts";
import { type CrapsState, emptyTable, stakeOn } from "./state.ts";

export type CrapsWager = Wager<CrapsConfig, CrapsState, CrapsAction, Roll>;
type CrapsStep = Step<CrapsAction, Roll>;

/** Every bet that the layout has, and the line with full odds. */
export function crapsWagers(config: CrapsConfig): CrapsWager[] {
  const shown: { readonly [layout: string]: readonly string[] } = {
    beginner: ["beginner"],
    full: ["beginner", "full"],
    everything: ["beginner", "full", "everything"],
  };
  const wagers: CrapsWager[] = [];
  for (const spot of SPOTS) {
    if (spot.code >= TRAVELLED || !shown[config.bets].includes(ruleOf(spot.code).layout)) continue;
    const onPoint = spot.family === "passOdds" || spot.family === "dontPassOdds";
    if (onPoint) for (const point of POINTS) wagers.push(wagerOn(spot, config, point));
    else wagers.push(wagerOn(spot, config));
  }
  return [...wagers, withOdds(PASS), withOdds(DONT_PASS)];
}

/** The bet by itself. `point` is the one that line odds stand on. */
export function wagerOn(spot: Spot, config: CrapsConfig, point = spot.number): CrapsWager {
  const { code, family } = spot;
  const chips = (): number => leastOn(config, { ...emptyTable(2), point }, spot);
  const bet = (on: number, many = chips()): CrapsStep => act({ type: "bet", code: on, chips: many });
  const flat = chips() * FLAT;
  const name = code === PASS_ODDS || code === DONT_PASS_ODDS ? `${spot.name} on ${point}` : spot.name;
  const wager = (begin: readonly CrapsStep[], ...codes: readonly number[]): CrapsWager => ({
    name,
    begin,
    watch: (each) => each === code || codes.includes(each),
  });
  switch (family) {
    case "come":
      return wager([...onPoint(4), bet(code)], ...POINTS.map(comeOnCode));
    case "dontCome":
      return wager([...onPoint(4), bet(code)], ...POINTS.map(dontComeOnCode));
    case "put":
      return wager([...onPoint(point), bet(code)]);
    case "passOdds":
      return wager([bet(PASS, flat), dice(point), bet(code)]);
    case "dontPassOdds":
      return wager([bet(DONT_PASS, flat), dice(point), bet(code)]);
    case "comeOdds":
      return wager([...onPoint(point === 4 ? 5 : 4), bet(COME, flat), dice(point), bet(code)]);
    case "dontComeOdds":
      return wager([...onPoint(point === 4 ? 5 : 4), bet(DONT_COME, flat), dice(point), bet(code)]);
    default:
      return wager(
        ruleOf(code).calls === undefined ? [bet(code)] : [bet(code), act({ type: "call", code, working: "on" })],
      );
  }
}

/** A line bet and all the odds that the table allows, as soon as there is a point. */
export function withOdds(code: typeof PASS | typeof DONT_PASS): CrapsWager {
  const [behind, max] = code === PASS ? ([PASS_ODDS, takeMax] as const) : ([DONT_PASS_ODDS, layMax] as const);
  return {
    name: code === PASS ? "pass with full odds" : "dont-pass with full odds",
    begin: [act({ type: "bet", code, chips: FLAT })],
    watch: (each) => each === code || each === behind,
    plan: (config, { point, seats }) => {
      if (point === 0 || stakeOn(seats[0], code) === 0 || stakeOn(seats[0], behind) > 0) return undefined;
      const chips = max(point, FLAT, config);
      return chips === 0 ? undefined : { type: "bet", code: behind, chips };
    },
  };
}

/** Dice whose total is the point, while seat 1 keeps the line. */
const onPoint = (point: number): readonly CrapsStep[] => [
  { type: "act", seat: 1, action: { type: "bet", code: PASS, chips: FLAT } },
  dice(point),
];

const act = (action: CrapsAction): CrapsStep => ({ type: "act", seat: 0, action });
const dice = (total: number): CrapsStep => ({
  type: "chance",
  outcome: ROLLS.find((roll) => totalOf(roll) === total)!,
});

/** Full odds behind so many pay to the chip on every point, by any multiple; it is no less than most tables' minimum. */
const FLAT = 30;
