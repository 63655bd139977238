/** The table as the person at this screen means it: what the kiosk said, and on top what was ordered and is on its way. Every
 * question whether a bet may be made is answered here by the game's own moves, so that a screen and its kiosk agree. */

import type { Moved, Refused } from "../../../engine/game/game.ts";
import type { CrapsConfig } from "../../../engine/games/craps/config.ts";
import { craps } from "../../../engine/games/craps/craps.ts";
import { leastOn } from "../../../engine/games/craps/legal.ts";
import { ruleOf } from "../../../engine/games/craps/rules.ts";
import { type Spot, spotOf } from "../../../engine/games/craps/spots.ts";
import { type Bet, betOn, type CrapsState, stakeOn } from "../../../engine/games/craps/state.ts";
import type { PlayerOrder } from "../../contract/orders.ts";
import type { OwnSeat } from "../../contract/own-part.ts";
import type { KioskView } from "../../contract/view.ts";
import type { OrderUnderWay } from "./page-state.ts";

export interface Hand {
  readonly config: CrapsConfig;
  readonly state: CrapsState;
  readonly place: number;
  free: number;
  readonly bank: number;
}

/** The first seat of the kiosk: one screen is one person's. */
export const ownSeat = (view: KioskView | undefined): OwnSeat | undefined => view?.own[0];

/** Undefined while nobody sits here. */
export function handOf(view: KioskView | undefined, orders: readonly OrderUnderWay[]): Hand | undefined {
  const own = ownSeat(view);
  const table = view?.craps;
  if (own === undefined || own.place === null || table === null || table === undefined) return undefined;
  const hand: Hand = {
    ...{ config: table.config, state: copyOf(table.state), place: own.place },
    ...{ free: own.free, bank: table.bank },
  };
  for (const { order } of orders) tryOn(hand, order);
  return hand;
}

/** Changes the hand where the move may be done. */
export function tryOn(hand: Hand, order: PlayerOrder): Moved | Refused {
  const { config, state, place, free, bank } = hand;
  if (state.rolling) return { ok: false, why: "not now" };
  const moved = moveOf(order, config, state, place, { free, bank });
  if (moved.ok) hand.free += moved.returned - moved.staked;
  return moved;
}

function moveOf(
  order: PlayerOrder,
  config: CrapsConfig,
  state: CrapsState,
  place: number,
  purse: { readonly free: number; readonly bank: number },
): Moved | Refused {
  switch (order.type) {
    case "bet":
      return craps.moves.bet(config, state, place, { type: "bet", code: order.code, chips: order.chips }, purse);
    case "take":
      return craps.moves.take(config, state, place, { type: "take", code: order.code, chips: order.chips }, purse);
    case "call":
      return craps.moves.call(config, state, place, { type: "call", code: order.code, working: order.working }, purse);
    case "roll":
      return craps.moves.roll(config, state, place, { type: "roll" }, purse);
    case "passDice":
      return craps.moves.passDice(config, state, place, { type: "passDice" }, purse);
    default:
      return { ok: true, staked: 0, returned: 0 };
  }
}

/** Why the order would be refused; undefined where it would not. The hand stays as it is. */
export function whyNot(hand: Hand, order: PlayerOrder): string | undefined {
  const { state, place } = hand;
  // A move changes nobody else's bets.
  const seats = state.seats.map((bets, at) => (at === place ? bets.map((bet) => ({ ...bet })) : bets));
  const tried = tryOn({ ...hand, state: { ...state, seats } }, order);
  return tried.ok ? undefined : tried.why;
}

/** What a press with that chip puts there: no less than the least, and payable to the chip. */
export function chipsFor({ config, state, place }: Hand, spot: Spot, chip: number): number {
  const lies = stakeOn(state.seats[place], spot.code);
  const needsPoint = spot.family === "passOdds" || spot.family === "dontPassOdds";
  if (needsPoint && state.point === 0) return chip;
  const unit = config.rounding === "down" ? 1 : ruleOf(spot.code).unit(spot, config, state.point);
  const wanted = lies > 0 ? chip : Math.max(chip, leastOn(config, state, spot));
  const rest = wanted % unit;
  return rest === 0 ? wanted : wanted + unit - rest;
}

export function betAt({ state, place }: Hand, code: number): Bet | undefined {
  return betOn(state.seats[place], code);
}

/** Whether it can be made now at all, with the fewest chips. */
export function isOpen(hand: Hand, code: number): boolean {
  const spot = spotOf(code);
  return spot !== undefined && whyNot(hand, { type: "bet", code, chips: chipsFor(hand, spot, 1) }) === undefined;
}

function copyOf(state: CrapsState): CrapsState {
  return { ...state, seats: state.seats.map((bets) => bets.map((bet) => ({ ...bet }))) };
}
