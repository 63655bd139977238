/** The dice of a table as a machine: founded with it, changed by ordered operations alone. Whoever holds the table's state holds
 * this in it. */
import { decode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert, unreachable } from "../../../protocol/core/assert.ts";
import { type AgreedMillis, type Epoch, epoch } from "../../../protocol/core/units.ts";
import { type DiceAnswer, refuse } from "./answer.ts";
import { beginDeal, onComplain, onConfirm, onDeal } from "./key-generation.ts";
import { DiceOperation } from "./operation.ts";
import type { DicePorts } from "./ports.ts";
import { advanceRoll, onCommit, onGiveUp, onReveal, onSettle } from "./roll.ts";
import { type DiceMember, type DiceState, hasBit } from "./state.ts";

export interface DiceFounding {
  readonly table: Uint8Array;
  readonly members: readonly DiceMember[];
  /** Commit–reveal although the table could do better. */
  readonly revealAlways: boolean;
}

export function foundDice({ table, members, revealAlways }: DiceFounding): DiceState {
  const state: DiceState = {
    table,
    revealAlways,
    epoch: epoch(0),
    members,
    excluded: 0,
    lastKey: 0,
    deal: undefined,
    key: undefined,
    lastRoll: 0,
    roll: undefined,
  };
  beginDeal(state);
  return state;
}

/** A change of members waits until this is so: the open roll is bound to its epoch. */
export const mayChangeMembers = (state: DiceState): boolean => state.roll === undefined;

/** New members need a key of their own; the old one serves until it is there, where it may. */
export function changeMembers(state: DiceState, next: Epoch, members: readonly DiceMember[]): void {
  assert(mayChangeMembers(state), "members change between rolls");
  assert(next > state.epoch, "epochs rise");
  const guilty = state.members.filter((_, member) => hasBit(state.excluded, member));
  state.epoch = next;
  state.members = members;
  state.excluded = members.reduce(
    (bits, { diceKey }, member) =>
      guilty.some((each) => bytesEqual(each.diceKey, diceKey)) ? bits | (1 << member) : bits,
    0,
  );
  beginDeal(state);
}

/** Total on bytes: what is refused changes nothing. `member` is who signed it. */
export function executeDice(
  state: DiceState,
  member: number,
  bytes: Uint8Array,
  time: AgreedMillis,
  ports: DicePorts,
): DiceAnswer {
  advanceRoll(state, time);
  if (state.members[member] === undefined) return refuse("not a member");
  // Own bytes: what is kept of them are views.
  const decoded = decode(DiceOperation, new Uint8Array(bytes));
  if (!decoded.ok) return refuse("not an operation");
  const operation = decoded.value;
  switch (operation.type) {
    case "deal":
      return onDeal(state, member, operation, ports);
    case "confirm":
      return onConfirm(state, member, operation, ports);
    case "complain":
      return onComplain(state, member, operation, ports);
    case "settle":
      return onSettle(state, operation, ports);
    case "commit":
      return onCommit(state, member, operation, time, ports);
    case "reveal":
      return onReveal(state, member, operation, ports);
    case "giveUp":
      return onGiveUp(state, member, operation, ports);
    default:
      return unreachable(operation);
  }
}
