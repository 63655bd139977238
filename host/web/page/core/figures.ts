/** What a bet is worth, worked out by the game's own settlement with the table's own rules: no table of figures beside it. */
import { figuresOf } from "../../../engine/game/edges.ts";
import type { Ratio } from "../../../engine/game/ratio.ts";
import type { CrapsConfig } from "../../../engine/games/craps/config.ts";
import { craps } from "../../../engine/games/craps/craps.ts";
import { leastOn } from "../../../engine/games/craps/legal.ts";
import { type Odds, odds } from "../../../engine/games/craps/rule.ts";
import { ruleOf } from "../../../engine/games/craps/rules.ts";
import { type Family, type Spot, spotOf, TRAVELLED } from "../../../engine/games/craps/spots.ts";
import { emptyTable } from "../../../engine/games/craps/state.ts";
import { wagerOn } from "../../../engine/games/craps/wagers.ts";

export interface BetFigures {
  readonly edge: Fraction;
  /** Of the times that it is made. */
  readonly wins: number;
  /** Until it is decided, on average. */
  readonly rolls: number;
}

/** In lowest terms; long ones are told by their value alone. */
export interface Fraction {
  readonly numerator: string;
  readonly denominator: string;
  readonly value: number;
}

/** Undefined of bets that are not made but travel, and of those whose exact figures take a screen too long. */
export function figuresOn(config: CrapsConfig, code: number, point: number): BetFigures | undefined {
  const spot = spotOf(code);
  if (spot === undefined || code >= TRAVELLED || SLOW.includes(spot.family)) return undefined;
  const isOnPoint = spot.family === "passOdds" || spot.family === "dontPassOdds";
  const wager = wagerOn(spot, config, isOnPoint ? (point === 0 ? ANY_POINT : point) : spot.number);
  const { edge, won, chances } = figuresOf(craps, { ...wager, config });
  return { edge: fraction(edge), wins: asNumber(won), rolls: asNumber(chances) };
}

/** The most that a bet pays to its stake, and whether that is all it can. */
export function paysOn(
  config: CrapsConfig,
  spot: Spot,
  point: number,
): { readonly odds: Odds; readonly isMost: boolean } {
  const isOnPoint = spot.family === "passOdds" || spot.family === "dontPassOdds";
  const at = isOnPoint && point === 0 ? ANY_POINT : point;
  const stake = leastOn(config, { ...emptyTable(2), point: at }, spot);
  const bet = { code: spot.code, stake, fee: 0, working: "usual" as const, progress: 0 };
  const won = ruleOf(spot.code).winMax(spot, bet, config, at);
  return { odds: won === 0 ? odds(1, 1) : odds(won, stake), isMost: SEVERAL.includes(spot.family) };
}

const ANY_POINT = 6;

/** Whose chains of states are long: a screen must answer within a breath. */
const SLOW: readonly Family[] = Object.freeze([
  ...(["fire", "all", "hotRoller", "twiceHard", "rideTheLine", "muggsy", "replay", "differentDoubles"] as const),
]);

/** They pay by what falls. */
const SEVERAL: readonly Family[] = Object.freeze([
  ...(["field", "horn", "hornHigh", "world", "crapsEleven", "threeWay", "hiLoYo", "lowDice", "highDice"] as const),
  ...(["fire", "hotRoller", "rideTheLine", "muggsy", "replay", "differentDoubles"] as const),
]);

const fraction = (of: Ratio): Fraction => ({
  numerator: `${of.numerator}`,
  denominator: `${of.denominator}`,
  value: asNumber(of),
});

const asNumber = ({ numerator, denominator }: Ratio): number => Number(numerator) / Number(denominator);
