/** A craps table as plain data: the puck, the shooter, and each seat's bets in the order of their codes. */
import { branded, type Codec } from "../../../../protocol/bytes/codec.ts";
import { choice, list, struct } from "../../../../protocol/bytes/compound.ts";
import { bool, byteUpTo, u8, varint } from "../../../../protocol/bytes/numbers.ts";
import { SEATS_MAX } from "../../../../protocol/core/limits.ts";
import { BETS_PER_SEAT_MAX, CHIPS_ON_BET_MAX, PROGRESS_MAX } from "./limits.ts";

export interface Bet {
  readonly code: number;
  stake: number;
  /** Paid beside the stake, and given back if the bet comes down before it is resolved. */
  fee: number;
  /** What its owner called; otherwise the bet follows the layout. */
  working: "usual" | "on" | "off";
  /** What a running bet has seen of the dice since it was made. */
  progress: number;
}

export interface CrapsState {
  /** Bets are locked, and the dice are due. */
  rolling: boolean;
  /** 0 while the puck is off. */
  point: number;
  shooter: number;
  /** The shooter has not rolled yet. */
  fresh: boolean;
  /** So it is, or the last roll was a seven: bets on what comes before the next may begin. */
  afterSeven: boolean;
  readonly seats: Bet[][];
}

/** The table as the dice find it: working flags and points are those from before the roll. */
export interface Before {
  readonly point: number;
  readonly shooter: number;
}

const BetLayout = struct("Bet", {
  code: u8,
  stake: varint(CHIPS_ON_BET_MAX),
  fee: varint(CHIPS_ON_BET_MAX),
  working: choice("working", { usual: 0, on: 1, off: 2 }),
  progress: varint(PROGRESS_MAX),
});

const Layout = struct("CrapsState", {
  rolling: bool,
  point: byteUpTo(10),
  shooter: byteUpTo(SEATS_MAX - 1),
  fresh: bool,
  afterSeven: bool,
  seats: list(list(BetLayout, BETS_PER_SEAT_MAX), SEATS_MAX),
});

export const CrapsState = branded(Layout as Codec<unknown>, (value) => value as CrapsState);

export function emptyTable(seats: number): CrapsState {
  const places: Bet[][] = [];
  for (let seat = 0; seat < seats; seat++) places.push([]);
  return { rolling: false, point: 0, shooter: 0, fresh: true, afterSeven: true, seats: places };
}

export function betOn(bets: readonly Bet[], code: number): Bet | undefined {
  for (const bet of bets) if (bet.code === code) return bet;
  return undefined;
}

export const stakeOn = (bets: readonly Bet[], code: number): number => betOn(bets, code)?.stake ?? 0;

/** Keeps the order of codes. */
export function putBet(bets: Bet[], bet: Bet): void {
  let at = bets.length;
  while (at > 0 && bets[at - 1].code > bet.code) at -= 1;
  bets.splice(at, 0, bet);
}

export function dropBet(bets: Bet[], code: number): void {
  const at = bets.findIndex((bet) => bet.code === code);
  if (at >= 0) bets.splice(at, 1);
}

export function heldBy(state: CrapsState, seat: number): number {
  let sum = 0;
  for (const bet of state.seats[seat] ?? []) sum += bet.stake + bet.fee;
  return sum;
}
