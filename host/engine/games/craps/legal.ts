/** What is open to a seat, each move with the least it can be made with: buttons light up by it, and bots choose from it. */
import type { Purse } from "../../game/game.ts";
import type { CrapsConfig } from "./config.ts";
import { type CrapsAction, mayBet, rollDice } from "./moves.ts";
import type { Placed, Rule } from "./rule.ts";
import { ruleOf } from "./rules.ts";
import { SPOTS, type Spot, spotOf } from "./spots.ts";
import type { Bet, CrapsState } from "./state.ts";

/** What a bank cannot cover shows itself when it is asked: that alone is not looked at here. */
export function legalMoves(config: CrapsConfig, state: CrapsState, seat: number, { free }: Purse): CrapsAction[] {
  if (state.rolling || state.seats[seat] === undefined) return [];
  const moves: CrapsAction[] = [];
  for (const spot of SPOTS) {
    const chips = leastOn(config, state, spot);
    if (chips <= free && mayBet(config, state, seat, spot, chips)) moves.push({ type: "bet", code: spot.code, chips });
  }
  const bets = state.seats[seat];
  for (const bet of bets) {
    const spot = spotOf(bet.code) as Spot;
    const rule = ruleOf(bet.code);
    if (comesDown(rule, { spot, state, bets, config })) moves.push({ type: "take", code: bet.code, chips: bet.stake });
    if (rule.calls !== undefined) moves.push({ type: "call", code: bet.code, working: nextCall(bet) });
  }
  if (seat === state.shooter) {
    if (mayRoll(config, state, seat)) moves.push({ type: "roll" });
    if (state.point === 0) moves.push({ type: "passDice" });
  }
  return moves;
}

/** The fewest chips that pay to the chip and are no less than the table's minimum. */
export function leastOn(config: CrapsConfig, state: CrapsState, spot: Spot): number {
  const needsPoint = spot.family === "passOdds" || spot.family === "dontPassOdds";
  if (config.rounding === "down" || (needsPoint && state.point === 0)) return config.stakeMin;
  const unit = ruleOf(spot.code).unit(spot, config, state.point);
  const rest = config.stakeMin % unit;
  return rest === 0 ? config.stakeMin : config.stakeMin + unit - rest;
}

const comesDown = (rule: Rule, placed: Placed): boolean => rule.keeps?.(placed, 0) === undefined;

const nextCall = ({ working }: Bet): Bet["working"] =>
  working === "usual" ? "on" : working === "on" ? "off" : "usual";

/** On a copy of the flag alone: rolling changes nothing else. */
function mayRoll(config: CrapsConfig, state: CrapsState, seat: number): boolean {
  return rollDice(config, { ...state }, seat).ok;
}
