/** From what the game answers to what the ledger moves. */
import { assert } from "../../../protocol/core/assert.ts";
import { type Chips, chips } from "../../../protocol/core/units.ts";
import { reserveOf } from "../game/exposure.ts";
import type { Settlement } from "../game/game.ts";
import { start } from "../game/play.ts";
import { exposureMax } from "../ledger/bank.ts";
import { type BetResult, settle } from "../ledger/bets.ts";
import type { AccountIndex } from "../ledger/ledger.ts";
import { move, POOL, placeOf } from "../ledger/transfer.ts";
import type { TableRules } from "./rules.ts";
import type { TableState } from "./state.ts";

type AnyAction = { readonly type: string };

export const heldAt = <C, S, A extends AnyAction, O>(
  { game }: TableRules<C, S, A, O>,
  { play }: TableState<S>,
  place: number,
): number => game.held(play.state, place);

/** What the game may make the bank owe, all bets together. */
export const bankOf = (state: TableState<unknown>): number => exposureMax(state.ledger);

/** One roll's winnings and losses, all at once. False where the bank never promised so much: then nothing has moved. */
export function pay<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  settlement: Settlement,
): boolean {
  const results: BetResult[] = [];
  settlement.seats.forEach(({ lost, won, returned }, place) => {
    const account = state.places[place];
    if (lost + won + returned === 0) return;
    assert(account !== undefined, "chips on the table are somebody's");
    if (lost > 0) results.push({ account, wagered: lost, returned: 0 });
    if (won + returned > 0) results.push({ account, wagered: returned, returned: returned + won });
  });
  return settle(state.ledger, results, reserveOf(rules.game, rules.config, state.play.state)).ok;
}

/**
 * Every bet goes back to whom it is, and the game begins anew. But whoever could have ended the roll and did not has vouched for
 * that with what lies on its own places: it goes to the pool. To stop a roll that looks bad so costs what the worst roll would.
 */
export function refund<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  forfeiting: readonly AccountIndex[],
): Chips {
  const results: BetResult[] = [];
  let forfeited = 0;
  state.places.forEach((account, place) => {
    const held = heldAt(rules, state, place);
    if (account === undefined || held === 0) return;
    if (forfeiting.includes(account)) {
      move(state.ledger, placeOf(account, "locked"), POOL, chips(held));
      forfeited += held;
    } else {
      results.push({ account, wagered: held, returned: held });
    }
  });
  const settled = settle(state.ledger, results, 0);
  assert(settled.ok, "what lies on the table can go back");
  state.play = start(rules.game, rules.config, rules.places);
  state.movesUntil = undefined;
  return chips(forfeited);
}
