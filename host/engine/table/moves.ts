/** A player's move: by the game's rules, and by the money. What either refuses leaves both as they were. */
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { type AgreedMillis, agreedMillis, chips } from "../../../protocol/core/units.ts";
import { copyOf, reserveOf } from "../game/exposure.ts";
import { act, chanceIsDue } from "../game/play.ts";
import { spendingFault, takeCounter } from "../ledger/accounts.ts";
import { takeBack, wager } from "../ledger/bets.ts";
import type { AccountIndex } from "../ledger/ledger.ts";
import { refuse, type TableAnswer } from "./answer.ts";
import { MOVES_MS } from "./limits.ts";
import { bankOf, heldAt } from "./money.ts";
import { placeOfPlayer } from "./players.ts";
import { lockRoll } from "./rolls.ts";
import type { TableRules } from "./rules.ts";
import type { TableState } from "./state.ts";

type AnyAction = { readonly type: string };

export function move<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  account: AccountIndex | undefined,
  spending: { readonly counter: number; readonly action: Uint8Array },
  time: AgreedMillis,
): TableAnswer {
  const { game, config } = rules;
  const place = placeOfPlayer(state, account);
  if (account === undefined || place < 0) return refuse("does not sit");
  const { counter } = spending;
  const fault = spendingFault(state.ledger, { account, counter });
  if (fault !== undefined) return refuse(fault.why);
  const action = decode(game.layouts.action, new Uint8Array(spending.action));
  if (!action.ok) return refuse("not a move");
  const before = encode(game.layouts.state, state.play.state);
  const { free } = state.ledger.accounts[account];
  const moved = act(game, config, state.play, place, action.value, { free, bank: bankOf(state) });
  if (!moved.ok) return refuse(moved.why);
  const { staked, returned } = moved;
  const exposure = reserveOf(game, config, state.play.state);
  const why = spend(state, { account, counter }, staked - returned, exposure);
  if (why !== undefined) {
    state.play.state = copyOf(game, before);
    state.play.moves[place] -= 1;
    return refuse(why);
  }
  assert(heldAt(rules, state, place) === state.ledger.accounts[account].locked, "what is locked lies on the table");
  goOn(rules, state, time);
  return { type: "moved", staked: chips(staked), returned: chips(returned) };
}

/** Takes the counter; undefined where it was done. */
function spend(
  { ledger }: TableState<unknown>,
  spending: { readonly account: AccountIndex; readonly counter: number },
  net: number,
  exposure: number,
): string | undefined {
  if (net === 0) {
    takeCounter(ledger.accounts[spending.account]);
    ledger.reserved = chips(Math.min(exposure, ledger.bank));
    return undefined;
  }
  const done =
    net > 0
      ? wager(ledger, { ...spending, chips: net, exposure })
      : takeBack(ledger, { ...spending, chips: -net, exposure });
  return done.ok ? undefined : done.why;
}

/** After a move: the dice are due, or there is a while for more moves. */
export function goOn<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  time: AgreedMillis,
): void {
  if (chanceIsDue(rules.game, state.play)) {
    state.movesUntil = undefined;
    lockRoll(rules, state, time);
    return;
  }
  const stands = state.places.some((_, place) => heldAt(rules, state, place) > 0);
  if (!stands) state.movesUntil = undefined;
  else state.movesUntil ??= agreedMillis(time + MOVES_MS);
}
