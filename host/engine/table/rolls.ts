/** A roll at the table: the bets are locked, the members' dice come out, and what they bring is paid. */
import { assert } from "../../../protocol/core/assert.ts";
import { type AgreedMillis, agreedMillis } from "../../../protocol/core/units.ts";
import type { DiceChange } from "../dice/answer.ts";
import { executeDice } from "../dice/dice.ts";
import { lockBets } from "../dice/roll.ts";
import { playHash, settle } from "../game/play.ts";
import { DONE, refuse, type TableAnswer } from "./answer.ts";
import { MOVES_MS, ROLLS_KEPT_MAX } from "./limits.ts";
import { closePlaces } from "./membership.ts";
import { noteMissed } from "./merits.ts";
import { bankOf, heldAt, pay, refund } from "./money.ts";
import { accountsOf } from "./players.ts";
import type { TableRules } from "./rules.ts";
import type { TableState } from "./state.ts";

type AnyAction = { readonly type: string };

/** From here on the bets stand as they are, and nobody knows what the dice will be. */
export function lockRoll<C, S, A extends AnyAction, O>(
  { game, ports }: TableRules<C, S, A, O>,
  state: TableState<S>,
  time: AgreedMillis,
): void {
  const betRoot = playHash(game, state.play, ports.digest);
  const locked = lockBets(state.dice, { roll: state.dice.lastRoll + 1, betRoot, nonces: [] }, time, ports);
  assert(locked.ok, "a game waits for one roll at a time");
}

export function onDice<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  member: number,
  bytes: Uint8Array,
  time: AgreedMillis,
): TableAnswer {
  const before = state.dice.roll;
  const answer = executeDice(state.dice, member, bytes, time, rules.ports);
  if (!answer.ok) return refuse(answer.why);
  if (before !== undefined) noteMissed(state, before, answer.change, time);
  return apply(rules, state, answer.change, time);
}

function apply<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  change: DiceChange,
  time: AgreedMillis,
): TableAnswer {
  if (change.type === "void") {
    const forfeiting = change.forfeits.flatMap((member) => accountsOf(rules, state, state.dice.members[member].key));
    const forfeited = refund(rules, state, forfeiting);
    closePlaces(rules, state);
    return { type: "voided", roll: change.roll, forfeited };
  }
  if (change.type !== "rolled") return DONE;
  const { roll, dice, seed, proof } = change;
  const settlement = settle(rules.game, rules.config, state.play, rules.outcomeOf(dice, seed), bankOf(state));
  assert(pay(rules, state, settlement), "the bank pays what it promised");
  if (state.rolls.length === ROLLS_KEPT_MAX) state.rolls.shift();
  state.rolls.push(proof);
  closePlaces(rules, state);
  const stands = state.places.some((_, place) => heldAt(rules, state, place) > 0);
  state.movesUntil = stands ? agreedMillis(time + MOVES_MS) : undefined;
  return { type: "rolled", roll, first: dice[0], second: dice[1] };
}
