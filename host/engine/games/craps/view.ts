/** What a seat is shown: nothing at a craps table is secret, but one's own place, and what may be done from it. */
import type { CrapsConfig } from "./config.ts";
import { reserveOf } from "./reserve.ts";
import { works } from "./rule.ts";
import { ruleOf } from "./rules.ts";
import { type Spot, spotOf } from "./spots.ts";
import type { CrapsState } from "./state.ts";

export interface BetView {
  readonly code: number;
  readonly name: string;
  readonly stake: number;
  readonly fee: number;
  /** The badge: on for the next roll. */
  readonly on: boolean;
  readonly winsAtMost: number;
  readonly progress: number;
}

export interface CrapsView {
  readonly phase: "bets" | "dice";
  /** 0 while the puck is off. */
  readonly point: number;
  readonly shooter: number;
  readonly newShooter: boolean;
  readonly seat: number | undefined;
  readonly seats: readonly (readonly BetView[])[];
  readonly reserve: number;
}

export function viewOf(config: CrapsConfig, state: CrapsState, seat: number | undefined): CrapsView {
  return {
    phase: state.rolling ? "dice" : "bets",
    point: state.point,
    shooter: state.shooter,
    newShooter: state.fresh,
    seat,
    seats: state.seats.map((bets) =>
      bets.map((bet) => {
        const rule = ruleOf(bet.code);
        const spot = spotOf(bet.code) as Spot;
        return {
          code: bet.code,
          name: spot.name,
          stake: bet.stake,
          fee: bet.fee,
          on: works(rule, bet, { point: state.point, shooter: state.shooter }, config),
          winsAtMost: rule.winMax(spot, bet, config, state.point),
          progress: bet.progress,
        };
      }),
    ),
    reserve: reserveOf(config, state),
  };
}
