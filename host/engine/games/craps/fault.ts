/** What must be so of a table whenever it is anybody's turn: above all that no bet is left behind whose time is over. */
import type { CrapsConfig } from "./config.ts";
import { isPoint } from "./dice.ts";
import { layMax, takeMax } from "./odds.ts";
import { ruleOf } from "./rules.ts";
import { comeOnCode, DONT_PASS, dontComeOnCode, numberedCode, PASS, type Spot, spotOf } from "./spots.ts";
import { type Bet, type CrapsState, stakeOn } from "./state.ts";

export function tableFault(config: CrapsConfig, state: CrapsState): string | undefined {
  if (state.point !== 0 && !isPoint(state.point)) return "the puck is on no point";
  if (state.shooter >= state.seats.length) return "the shooter has no seat";
  if (state.fresh && (state.point !== 0 || !state.afterSeven)) return "a new shooter comes out";
  for (const bets of state.seats) {
    for (let at = 0; at < bets.length; at++) {
      const spot = spotOf(bets[at].code);
      if (spot === undefined || spot.code !== bets[at].code) return "a bet on no spot";
      if (at > 0 && bets[at - 1].code >= spot.code) return "bets out of their order";
      const why = betFault(config, state, bets, bets[at], spot);
      if (why !== undefined) return `${spot.name}: ${why}`;
    }
  }
  return undefined;
}

function betFault(
  config: CrapsConfig,
  { point, afterSeven, fresh }: CrapsState,
  bets: readonly Bet[],
  { stake, progress, working }: Bet,
  { family, number, code }: Spot,
): string | undefined {
  if (stake < 1) return "no chips";
  if (working !== "usual" && ruleOf(code).calls === undefined) return "called";
  switch (family) {
    case "passOdds": {
      const flat = stakeOn(bets, PASS) + stakeOn(bets, numberedCode("put", point));
      return point === 0 || stake > takeMax(point, flat, config) ? "odds without a flat bet" : undefined;
    }
    case "dontPassOdds":
      return stake > layMax(point, stakeOn(bets, DONT_PASS), config) ? "odds without a flat bet" : undefined;
    case "comeOdds": {
      const flat = stakeOn(bets, comeOnCode(number));
      return stake > takeMax(number, flat, config) ? "odds without a flat bet" : undefined;
    }
    case "dontComeOdds": {
      const flat = stakeOn(bets, dontComeOnCode(number));
      return stake > layMax(number, flat, config) ? "odds without a flat bet" : undefined;
    }
    case "put":
      return point === number ? undefined : "the point is over";
    case "come":
      return point === 0 ? "waits for a roll that was" : undefined;
    case "small":
    case "tall":
    case "all":
    case "repeater":
    case "twiceHard":
    case "differentDoubles":
      return afterSeven && !fresh && progress !== 0 ? "outlived a seven" : undefined;
    default:
      return undefined;
  }
}
