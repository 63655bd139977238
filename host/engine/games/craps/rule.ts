/** What a family of bets says of itself: when it may be made, what it is paid, when it comes down, and what the dice do to
 * it. A rule sees one bet, the table as the dice found it, and the roll; so no bet's fate depends on the order of bets. */
import type { CrapsConfig } from "./config.ts";
import type { Roll } from "./dice.ts";
import type { Spot } from "./spots.ts";
import type { Before, Bet, CrapsState } from "./state.ts";

/** Chips won to chips staked, in lowest terms. */
export type Odds = readonly [won: number, staked: number];

export type Resolution =
  | { readonly type: "stand" }
  | { readonly type: "progress"; readonly progress: number }
  /** `amount` is gained; the stake stays up or comes back. */
  | { readonly type: "win"; readonly amount: number; readonly stays: boolean }
  | { readonly type: "lose" }
  /** Nobody wins, and the bet stands. */
  | { readonly type: "push" }
  /** The stake comes back. */
  | { readonly type: "return" }
  | { readonly type: "travel"; readonly code: number };

/** Why a move is refused. Each has its sentence in every language. */
export type Why =
  | ("no such bet" | "not on this layout" | "not the shooter" | "no line bet" | "puck is on")
  | ("not a whole stake" | "below the minimum" | "above the maximum" | "not a multiple of the unit")
  | ("only on a come-out" | "only with a point" | "not the point" | "only by travelling" | "no flat bet")
  | ("above the odds" | "only for a new shooter" | "only after a seven" | "already running")
  | ("contract" | "odds behind it" | "not so many chips there" | "no bet there" | "always works")
  | ("not enough chips" | "bank cannot cover" | "above the bank's share" | "too many bets");

/** What a rule is asked about: the seat's bet, if there is one, among the seat's others. */
export interface Placed {
  readonly spot: Spot;
  readonly state: CrapsState;
  readonly bets: readonly Bet[];
  readonly config: CrapsConfig;
}

export interface Rule {
  readonly layout: "beginner" | "full" | "everything";
  readonly oneRoll?: true;
  /** Its owner may call it on or off; not called, it works on a come-out or rests. */
  readonly calls?: (config: CrapsConfig) => boolean;
  /** Without edge: the bank's share does not bind it. */
  readonly fair?: true;
  /** Why no chips may be put there now. `stake` is what would lie there then. */
  readonly refuses: (placed: Placed, stake: number) => Why | undefined;
  /** Why chips may not be taken away, so that `left` would remain; left out, they always may. */
  readonly keeps?: (placed: Placed, left: number) => Why | undefined;
  /** Stakes that are multiples of this are paid to the chip. */
  readonly unit: (spot: Spot, config: CrapsConfig, point: number) => number;
  /** To be paid beside the stake. */
  readonly fee?: (spot: Spot, stake: number, config: CrapsConfig) => number;
  readonly resolve: (spot: Spot, bet: Bet, roll: Roll, before: Before, config: CrapsConfig) => Resolution;
  /** The most that the bet can still win. */
  readonly winMax: (spot: Spot, bet: Bet, config: CrapsConfig, point: number) => number;
}

export const STAND: Resolution = Object.freeze({ type: "stand" });
export const LOSE: Resolution = Object.freeze({ type: "lose" });
export const PUSH: Resolution = Object.freeze({ type: "push" });
export const RETURN: Resolution = Object.freeze({ type: "return" });

export const win = (amount: number, stays = false): Resolution => ({ type: "win", amount, stays });

/** To the chip where the stake is a multiple of the unit; else the bank keeps the fraction. */
export function pay(stake: number, [won, staked]: Odds): number {
  const product = stake * won;
  return (product - (product % staked)) / staked;
}

/** In lowest terms. */
export function odds(won: number, staked: number): Odds {
  let [a, b] = [won, staked];
  while (b !== 0) [a, b] = [b, a % b];
  return Object.freeze([won / a, staked / a] as const);
}

export const EVEN: Odds = odds(1, 1);

/** What chance alone would pay: a point against a seven. */
export const TRUE_ODDS: { readonly [point: number]: Odds } = Object.freeze({
  4: odds(2, 1),
  5: odds(3, 2),
  6: odds(6, 5),
  8: odds(6, 5),
  9: odds(3, 2),
  10: odds(2, 1),
});

/** The same from the other side. */
export const against = ([won, staked]: Odds): Odds => odds(staked, won);

/** Whether the bet is on, by the puck before the roll. A bet that nobody may call always is. */
export function works(rule: Rule, { working }: Bet, { point }: Before, config: CrapsConfig): boolean {
  if (rule.calls === undefined || working === "on") return true;
  return working === "usual" && (point !== 0 || rule.calls(config));
}

export const wholeUnit = (): number => 1;
export const anyTime = (): undefined => undefined;
