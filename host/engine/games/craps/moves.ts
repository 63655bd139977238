/** What a seat may do: put chips on a bet, take them back, call a bet on or off, roll, pass the dice. Every reason to refuse
 * comes before the first change, but for the bank's: what it would owe is known when the chips lie there. */

import type { ValueOf } from "../../../../protocol/bytes/codec.ts";
import { choice, struct, union } from "../../../../protocol/bytes/compound.ts";
import { u8, varint } from "../../../../protocol/bytes/numbers.ts";
import type { Moved, Purse, Refused } from "../../game/game.ts";
import type { CrapsConfig } from "./config.ts";
import { BETS_PER_SEAT_MAX, CHIPS_ON_BET_MAX, WHOLE_BASIS_POINTS } from "./limits.ts";
import { reserveAtMost, reserveOf } from "./reserve.ts";
import { pay, type Rule, type Why } from "./rule.ts";
import { ruleOf } from "./rules.ts";
import { DONT_PASS, PASS, type Spot, spotOf, TRAVELLED } from "./spots.ts";
import { type Bet, betOn, type CrapsState, dropBet, putBet, stakeOn } from "./state.ts";

export const CrapsAction = union("CrapsAction", {
  /** So many chips more. */
  bet: [0x01, struct("MakeBet", { code: u8, chips: varint(CHIPS_ON_BET_MAX) })],
  take: [0x02, struct("TakeBet", { code: u8, chips: varint(CHIPS_ON_BET_MAX) })],
  call: [0x03, struct("CallBet", { code: u8, working: choice("working", { usual: 0, on: 1, off: 2 }) })],
  roll: [0x04, struct("Roll", {})],
  passDice: [0x05, struct("PassDice", {})],
});
export type CrapsAction = ValueOf<typeof CrapsAction>;

type ActionOf<T extends CrapsAction["type"]> = Extract<CrapsAction, { readonly type: T }>;

export function makeBet(
  config: CrapsConfig,
  state: CrapsState,
  seat: number,
  { code, chips }: ActionOf<"bet">,
  { free, bank }: Purse,
): Moved | Refused {
  const bets = state.seats[seat];
  const spot = spotOf(code);
  if (spot === undefined) return refused("no such bet");
  if (!isWhole(chips)) return refused("not a whole stake");
  const rule = ruleOf(spot.code);
  const bet = betOn(bets, spot.code);
  const stake = (bet?.stake ?? 0) + chips;
  const why = whyNot(config, state, bets, spot, rule, stake);
  if (why !== undefined) return refused(why);
  const fee = rule.fee?.(spot, stake, config) ?? 0;
  const staked = chips + fee - (bet?.fee ?? 0);
  if (staked > free) return refused("not enough chips");
  if (rule.fair !== true && !isWithinShare(config, state, stake, bank)) return refused("above the bank's share");
  const after = { ...(bet ?? fresh(spot.code)), stake, fee };
  return changes(config, state, bets, spot.code, after, bank) ? moved(staked, 0) : refused("bank cannot cover");
}

function whyNot(
  config: CrapsConfig,
  state: CrapsState,
  bets: readonly Bet[],
  spot: Spot,
  rule: Rule,
  stake: number,
): Why | undefined {
  if (LAYOUTS[rule.layout] > LAYOUTS[config.bets]) return "not on this layout";
  const why = rule.refuses({ spot, state, bets, config }, stake);
  if (why !== undefined) return why;
  if (stake < config.stakeMin) return "below the minimum";
  if (stake > (rule.fair === true ? CHIPS_ON_BET_MAX : config.stakeMax)) return "above the maximum";
  if (config.rounding === "exact" && stake % rule.unit(spot, config, state.point) !== 0) {
    return "not a multiple of the unit";
  }
  return bets.length >= BETS_PER_SEAT_MAX && betOn(bets, spot.code) === undefined ? "too many bets" : undefined;
}

/** Puts the bet in the place of what lies there; false, and all is as it was, where the bank could not pay what then stands. */
function changes(
  config: CrapsConfig,
  state: CrapsState,
  bets: Bet[],
  code: number,
  after: Bet | undefined,
  bank: number,
): boolean {
  const before = betOn(bets, code);
  dropBet(bets, code);
  if (after !== undefined) putBet(bets, after);
  if (reserveAtMost(config, state) <= bank || reserveOf(config, state) <= bank) return true;
  dropBet(bets, code);
  if (before !== undefined) putBet(bets, before);
  return false;
}

/** On the next roll a loser's stake is set against what a winner is paid: taken away, it may leave the bank short. */
export function takeBet(
  config: CrapsConfig,
  state: CrapsState,
  seat: number,
  { code, chips }: ActionOf<"take">,
  { bank }: Purse,
): Moved | Refused {
  const bets = state.seats[seat];
  const spot = spotOf(code);
  const bet = spot === undefined ? undefined : betOn(bets, spot.code);
  if (spot === undefined || bet === undefined) return refused("no bet there");
  if (!isWhole(chips)) return refused("not a whole stake");
  if (chips > bet.stake) return refused("not so many chips there");
  const rule = ruleOf(bet.code);
  const left = bet.stake - chips;
  const why = rule.keeps?.({ spot, state, bets, config }, left);
  if (why !== undefined) return refused(why);
  if (left > 0 && left < config.stakeMin) return refused("below the minimum");
  if (config.rounding === "exact" && left % rule.unit(spot, config, state.point) !== 0) {
    return refused("not a multiple of the unit");
  }
  const fee = left === 0 ? 0 : (rule.fee?.(spot, left, config) ?? 0);
  const after = left === 0 ? undefined : { ...bet, stake: left, fee };
  const covered = rule.oneRoll === true ? bank : Number.MAX_SAFE_INTEGER;
  return changes(config, state, bets, bet.code, after, covered)
    ? moved(0, chips + bet.fee - fee)
    : refused("bank cannot cover");
}

export function callBet(
  _config: CrapsConfig,
  state: CrapsState,
  seat: number,
  { code, working }: ActionOf<"call">,
): Moved | Refused {
  const bets = state.seats[seat];
  const bet = betOn(bets, spotOf(code)?.code ?? -1);
  if (bet === undefined) return refused("no bet there");
  if (ruleOf(bet.code).calls === undefined) return refused("always works");
  bet.working = working;
  return moved(0, 0);
}

/** Locks the bets. The dice come from elsewhere. */
export function rollDice(config: CrapsConfig, state: CrapsState, seat: number): Moved | Refused {
  if (seat !== state.shooter) return refused("not the shooter");
  if (config.shooterBets && state.point === 0 && !hasLineBet(state.seats[seat])) return refused("no line bet");
  state.rolling = true;
  return moved(0, 0);
}

/** On a come-out the shooter may decline. No bet ends with it: what runs, runs on with the next shooter. */
export function passDice(_config: CrapsConfig, state: CrapsState, seat: number): Moved | Refused {
  if (seat !== state.shooter) return refused("not the shooter");
  if (state.point !== 0) return refused("puck is on");
  toShooter(state, (seat + 1) % state.seats.length);
  return moved(0, 0);
}

/** Nobody rolls for so long that the table does: for a shooter who may, else for the next who has a line bet; and where
 * nobody has one, the house rolls for what still stands. */
export function rollOverdue(state: CrapsState): string | undefined {
  const seats = state.seats.length;
  if (state.seats.every((bets) => bets.length === 0)) return undefined;
  if (state.point === 0 && !hasLineBet(state.seats[state.shooter])) {
    for (let on = 1; on < seats; on++) {
      const seat = (state.shooter + on) % seats;
      if (!hasLineBet(state.seats[seat])) continue;
      toShooter(state, seat);
      return "the dice pass";
    }
  }
  state.rolling = true;
  return "the table rolls";
}

/** The dice do not wait before an empty place: whoever sits next has them, also while the puck is on. */
export function toSomebody(state: CrapsState, isTaken: (seat: number) => boolean): void {
  const seats = state.seats.length;
  for (let on = 0; on < seats; on++) {
    const seat = (state.shooter + on) % seats;
    if (!isTaken(seat)) continue;
    if (on === 0) return;
    // Only before a come-out is a shooter a new one: what is bet on a shooter's points runs on with the next.
    if (state.point === 0) toShooter(state, seat);
    else state.shooter = seat;
    return;
  }
}

const hasLineBet = (bets: readonly Bet[]): boolean => stakeOn(bets, PASS) > 0 || stakeOn(bets, DONT_PASS) > 0;

function toShooter(state: CrapsState, seat: number): void {
  state.shooter = seat;
  state.fresh = true;
  state.afterSeven = true;
}

/** Exactly by what the bank may owe, but worked out only where the quick bound does not settle it. */
function isWithinShare(config: CrapsConfig, state: CrapsState, stake: number, bank: number): boolean {
  const { bankShareBasisPoints } = config;
  if (stake <= shareOf(bank - reserveAtMost(config, state), bankShareBasisPoints)) return true;
  return stake <= shareOf(bank - reserveOf(config, state), bankShareBasisPoints);
}

/** Of what may be more chips than their product with the basis points is exact. */
function shareOf(chips: number, basisPoints: number): number {
  const rest = chips % WHOLE_BASIS_POINTS;
  return ((chips - rest) / WHOLE_BASIS_POINTS) * basisPoints + pay(rest, [basisPoints, WHOLE_BASIS_POINTS]);
}

const fresh = (code: number): Bet => ({ code, stake: 0, fee: 0, working: "usual", progress: 0 });
const isWhole = (chips: number): boolean => Number.isSafeInteger(chips) && chips > 0;
const moved = (staked: number, returned: number): Moved => ({ ok: true, staked, returned });
const refused = (why: Why): Refused => ({ ok: false, why });

const LAYOUTS: { readonly [layout in CrapsConfig["bets"]]: number } = Object.freeze({
  beginner: 1,
  full: 2,
  everything: 3,
});

/** Whether the bet could be made with so many chips, the purse aside: for buttons and bots. */
export function mayBet(config: CrapsConfig, state: CrapsState, seat: number, spot: Spot, chips: number): boolean {
  const bets = state.seats[seat];
  if (spot.code >= TRAVELLED) return false;
  return whyNot(config, state, bets, spot, ruleOf(spot.code), stakeOn(bets, spot.code) + chips) === undefined;
}
