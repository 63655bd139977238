/** What a person does at the table: chips down and up, back and again. Until bets are locked everything can be undone, because the
 * table takes back what it has taken. */

import { spotOf, TRAVELLED } from "../../../engine/games/craps/spots.ts";
import type { Bet } from "../../../engine/games/craps/state.ts";
import type { PlayerOrder } from "../../contract/orders.ts";
import { languageOf, say, whyText } from "../strings/texts.ts";
import type { Effect } from "./events.ts";
import { betAt, chipsFor, type Hand, handOf, tryOn } from "./hand.ts";
import { NOTICE_MS, ORDERS_UNDER_WAY_MAX, UNDO_MAX } from "./limits.ts";
import type { LastBet, Move, PageState, Working } from "./page-state.ts";

/** Bets are locked: nothing comes back from here on. */
export function forgetMoves(page: PageState): void {
  page.done = [];
  page.undone = [];
}

/** Sends the order, without asking whether it may be. */
export function ask(page: PageState, order: PlayerOrder, move: Move | undefined, effects: Effect[]): void {
  const id = page.nextOrder;
  page.nextOrder += 1;
  page.orders.push({ id, order, move, revision: undefined, at: page.now });
  effects.push({ type: "order", id, order });
}

export function putChip(page: PageState, code: number, effects: Effect[]): void {
  const hand = handOf(page.view, page.orders);
  const spot = spotOf(code);
  if (hand === undefined) refuse(page, "does not sit", code);
  else if (spot !== undefined)
    doNew(page, hand, { type: "bet", code, chips: chipsFor(hand, spot, page.preferences.chip) }, effects);
}

/** All that lies there. */
export function takeDown(page: PageState, code: number, effects: Effect[]): void {
  const hand = handOf(page.view, page.orders);
  const bet = hand === undefined ? undefined : betAt(hand, code);
  if (hand === undefined || bet === undefined) refuse(page, "no bet there", code);
  else doNew(page, hand, { type: "take", code, chips: bet.stake }, effects);
}

export function callBet(page: PageState, code: number, working: Working, effects: Effect[]): void {
  const hand = handOf(page.view, page.orders);
  const bet = hand === undefined ? undefined : betAt(hand, code);
  if (hand === undefined || bet === undefined) refuse(page, "no bet there", code);
  else doNew(page, hand, { type: "call", code, working, before: bet.working }, effects);
}

export function undo(page: PageState, effects: Effect[]): void {
  const move = page.done.pop();
  const hand = handOf(page.view, page.orders);
  if (move === undefined || hand === undefined) return;
  if (doMove(page, hand, inverse(move), undefined, effects)) page.undone.push(move);
}

export function redo(page: PageState, effects: Effect[]): void {
  const move = page.undone.pop();
  const hand = handOf(page.view, page.orders);
  if (move === undefined || hand === undefined) return;
  if (doMove(page, hand, move, move, effects)) page.done.push(move);
}

/** What lay there when bets were last locked, as far as it may lie there again. */
export function repeat(page: PageState, effects: Effect[]): void {
  const hand = handOf(page.view, page.orders);
  if (hand === undefined) return;
  for (const { code, stake } of page.lastBets) {
    const chips = stake - (betAt(hand, code)?.stake ?? 0);
    if (chips > 0) doNew(page, hand, { type: "bet", code, chips }, effects);
  }
}

/** All that may come down. Odds come first: what they stand behind cannot go before them. */
export function clear(page: PageState, effects: Effect[]): void {
  const hand = handOf(page.view, page.orders);
  if (hand === undefined) return;
  const bets = [...hand.state.seats[hand.place]].sort((left, right) => Number(isOdds(right)) - Number(isOdds(left)));
  const notice = page.notice;
  for (const { code, stake } of bets) doNew(page, hand, { type: "take", code, chips: stake }, effects);
  // What must stay is no mistake of whoever clears the rest.
  if (hand.state.seats[hand.place].length < bets.length) page.notice = notice;
}

/** For the other orders of a seat. */
export function orderOnce(page: PageState, order: PlayerOrder, effects: Effect[]): void {
  if (page.orders.some((each) => each.order.type === order.type)) return;
  const hand = handOf(page.view, page.orders);
  const tried = hand === undefined ? undefined : tryOn(hand, order);
  if (tried?.ok === false) refuse(page, tried.why, undefined);
  else ask(page, order, undefined, effects);
}

export const remember = (bets: readonly Bet[]): readonly LastBet[] =>
  bets.filter(({ code }) => code < TRAVELLED).map(({ code, stake }) => ({ code, stake }));

export function refuse(page: PageState, why: string, code: number | undefined): void {
  const language = languageOf(page.preferences.language);
  const text = say(language, "refused", { why: whyText(language, why) });
  page.notice = { text, code, isGood: false, until: page.now + NOTICE_MS };
}

function doNew(page: PageState, hand: Hand, move: Move, effects: Effect[]): void {
  if (!doMove(page, hand, move, move, effects)) return;
  page.done.push(move);
  if (page.done.length > UNDO_MAX) page.done.shift();
  page.undone = [];
}

/** Of the move that stands for the order, if it can be undone. */
function doMove(page: PageState, hand: Hand, move: Move, kept: Move | undefined, effects: Effect[]): boolean {
  if (page.orders.length >= ORDERS_UNDER_WAY_MAX) {
    refuse(page, "busy", move.code);
    return false;
  }
  const tried = tryOn(hand, orderOf(move));
  if (!tried.ok) {
    refuse(page, tried.why, move.code);
    return false;
  }
  if (page.notice?.isGood === false) page.notice = undefined;
  ask(page, orderOf(move), kept, effects);
  return true;
}

function orderOf(move: Move): PlayerOrder {
  if (move.type === "call") return { type: "call", code: move.code, working: move.working };
  return { type: move.type, code: move.code, chips: move.chips };
}

function inverse(move: Move): Move {
  switch (move.type) {
    case "bet":
      return { ...move, type: "take" };
    case "take":
      return { ...move, type: "bet" };
    case "call":
      return { ...move, working: move.before, before: move.working };
  }
}

const isOdds = ({ code }: Bet): boolean => spotOf(code)?.family.endsWith("Odds") === true;
