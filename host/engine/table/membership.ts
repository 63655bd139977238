/**
 * Members come and go, and the table follows: the dice get new holders, stakes of those who left are on their way out, and their
 * players' places are free when the last of their bets has come to its end. A bet that stands is played on: to take it down would
 * be a way out of a bet that looks bad.
 */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { AgreedMillis } from "../../../protocol/core/units.ts";
import { changeMembers, mayChangeMembers } from "../dice/dice.ts";
import { ELEMENT_SIZE } from "../dice/limits.ts";
import type { DiceMember } from "../dice/state.ts";
import type { Membership } from "../machine.ts";
import { retire } from "../stakes/staking.ts";
import { nextEpoch } from "./epochs.ts";
import { heldAt, refund } from "./money.ts";
import { accountsOf } from "./players.ts";
import type { TableRules } from "./rules.ts";
import type { TableState } from "./state.ts";

type AnyAction = { readonly type: string };

/** A roll is bound to its epoch: it ends first, and none begins meanwhile. */
export const mayChange = ({ dice, movesUntil }: TableState<unknown>, time: AgreedMillis): boolean =>
  mayChangeMembers(dice) && (movesUntil === undefined || time < movesUntil);

export function changeTable<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  next: Membership,
): void {
  const { dice } = state;
  if (!mayChangeMembers(dice)) {
    // No quorum with an honest majority in it lets this happen. If it does, nobody has won or lost.
    dice.roll = undefined;
    refund(rules, state, []);
  }
  const isMember = (key: Uint8Array): boolean => next.members.some((each) => bytesEqual(each, key));
  const gone = dice.members.filter(({ key }) => !isMember(key));
  changeMembers(
    dice,
    next.epoch,
    next.members.map((key) => diceMember(rules, dice.members, key)),
  );
  state.epochs = nextEpoch(state.epochs, next);
  state.outcasts = state.outcasts.filter(isMember);
  for (const { key } of gone) {
    for (const account of accountsOf(rules, state, key)) retire(state.stakes, state.ledger, account, next.time);
  }
  const staying = next.members.flatMap((key) => accountsOf(rules, state, key));
  state.closing = state.places.reduce<number>(
    (bits, account, place) => (account === undefined || staying.includes(account) ? bits : bits | (1 << place)),
    0,
  );
  closePlaces(rules, state);
}

/** After whatever may have brought the last bet of a place to its end. */
export function closePlaces<C, S, A extends AnyAction, O>(rules: TableRules<C, S, A, O>, state: TableState<S>): void {
  for (let place = 0; state.closing >> place > 0; place++) {
    if (((state.closing >> place) & 1) === 0 || heldAt(rules, state, place) > 0) continue;
    state.places[place] = undefined;
    state.closing &= ~(1 << place);
  }
}

function diceMember<C, S, A extends AnyAction, O>(
  { diceKeyOf }: TableRules<C, S, A, O>,
  members: readonly DiceMember[],
  key: Uint8Array,
): DiceMember {
  const known = members.find((each) => bytesEqual(each.key, key));
  return known ?? { key, diceKey: diceKeyOf?.(key) ?? new Uint8Array(ELEMENT_SIZE) };
}
