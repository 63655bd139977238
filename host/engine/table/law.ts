/** What the table knows of operations by their bytes alone, for whoever proves that somebody signed one that nobody may. */
import { decode } from "../../../protocol/bytes/codec.ts";
import { KIOSK_SEAT } from "../../../protocol/message/fields.ts";
import { commitmentDigest } from "../dice/commitment.ts";
import { DiceOperation } from "../dice/operation.ts";
import type { OperationLaw } from "../judge/proof.ts";
import { TableOperation } from "./operation.ts";
import type { TableRules } from "./rules.ts";

type AnyAction = { readonly type: string };

export const lawOf = <C, S, A extends AnyAction, O>(rules: TableRules<C, S, A, O>): OperationLaw => ({
  // What the kiosk itself says about its table is the consensus' own to read.
  isImpossible: (seat, operation) => seat !== KIOSK_SEAT && !isOperation(rules, operation),
  openedDigest(operation, input, member) {
    const outer = decode(TableOperation, operation);
    if (!outer.ok || outer.value.type !== "dice") return undefined;
    const inner = decode(DiceOperation, new Uint8Array(outer.value.operation));
    if (!inner.ok || inner.value.type !== "reveal" || inner.value.roll !== input.roll) return undefined;
    return commitmentDigest(rules.ports, input, member, inner.value.opening);
  },
});

/** Whether the bytes are an operation down to the move of the game: whatever else is wrong with one depends on the state. */
export function isOperation<C, S, A extends AnyAction, O>(
  { game }: TableRules<C, S, A, O>,
  bytes: Uint8Array,
): boolean {
  const decoded = decode(TableOperation, bytes);
  if (!decoded.ok) return false;
  switch (decoded.value.type) {
    case "act":
      return decode(game.layouts.action, new Uint8Array(decoded.value.action)).ok;
    case "dice":
      return decode(DiceOperation, new Uint8Array(decoded.value.operation)).ok;
    default:
      return true;
  }
}
