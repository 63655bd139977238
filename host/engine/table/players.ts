/** Players: a seat of a kiosk each, with one account for the table's life, whoever sits there. */
import { bytes } from "../../../protocol/bytes/blobs.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { struct } from "../../../protocol/bytes/compound.ts";
import { byteUpTo } from "../../../protocol/bytes/numbers.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { PUBLIC_KEY_SIZE, SEATS_MAX } from "../../../protocol/core/limits.ts";
import { KIOSK_SEAT } from "../../../protocol/message/fields.ts";
import { findAccount, openAccount } from "../ledger/accounts.ts";
import { grant } from "../ledger/grants.ts";
import type { AccountIndex } from "../ledger/ledger.ts";
import { DONE, refuse, type TableAnswer } from "./answer.ts";
import { heldAt } from "./money.ts";
import type { TableRules } from "./rules.ts";
import type { TableState } from "./state.ts";

const Player = struct("Player", { kiosk: bytes(PUBLIC_KEY_SIZE), seat: byteUpTo(KIOSK_SEAT) });

type AnyAction = { readonly type: string };

export function ownerOf<C, S, A extends AnyAction, O>(
  { ports }: TableRules<C, S, A, O>,
  kiosk: Uint8Array,
  seat: number,
): Uint8Array {
  return ports.digest("hardway player", encode(Player, { kiosk, seat }));
}

/** Undefined before the player first sat down. */
export const accountOf = (state: TableState<unknown>, owner: Uint8Array): AccountIndex | undefined =>
  findAccount(state.ledger, owner);

/** Of all players of a kiosk, whoever has one. */
export function accountsOf<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  kiosk: Uint8Array,
): AccountIndex[] {
  const accounts: AccountIndex[] = [];
  for (let seat = 0; seat < SEATS_MAX; seat++) {
    const account = accountOf(state, ownerOf(rules, kiosk, seat));
    if (account !== undefined) accounts.push(account);
  }
  return accounts;
}

export function placeOfPlayer(state: TableState<unknown>, account: AccountIndex | undefined): number {
  return account === undefined ? -1 : state.places.indexOf(account);
}

/** A place, and at the first time the chips that everyone is given. */
export function sit(state: TableState<unknown>, owner: Uint8Array): TableAnswer {
  const place = state.places.indexOf(undefined);
  if (placeOfPlayer(state, accountOf(state, owner)) >= 0) return refuse("sits already");
  if (place < 0) return refuse("no free place");
  let account = accountOf(state, owner);
  if (account === undefined) {
    const opened = openAccount(state.ledger, owner);
    if (!opened.ok) return refuse(opened.why);
    account = opened.account;
  }
  const { identity } = state.ledger.accounts[account];
  if (identity === undefined) {
    // Who comes when the bank is short sits without chips, and may ask again.
    const granted = grant(state.ledger, account, owner);
    if (!granted.ok && granted.why !== "bank short") return refuse(granted.why);
  }
  state.places[place] = account;
  return { type: "sat", place, free: state.ledger.accounts[account].free };
}

export function stand<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  owner: Uint8Array,
): TableAnswer {
  const account = accountOf(state, owner);
  const place = placeOfPlayer(state, account);
  if (account === undefined || place < 0) return refuse("does not sit");
  if (heldAt(rules, state, place) > 0) return refuse("bets stand");
  assert(state.ledger.accounts[account].locked === 0, "what is locked lies on the table");
  state.places[place] = undefined;
  return DONE;
}
