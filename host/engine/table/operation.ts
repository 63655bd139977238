/** What players and kiosks ask of a table. Money is spent under the account's own counter; the rest is once by the request's. */
import { blob } from "../../../protocol/bytes/blobs.ts";
import type { ValueOf } from "../../../protocol/bytes/codec.ts";
import { struct, union } from "../../../protocol/bytes/compound.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { OPERATION_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { DisputeVote } from "../../../protocol/message/dispute.ts";
import { Counter } from "../../../protocol/message/fields.ts";
import { EvidencePart } from "../judge/evidence-parts.ts";
import { Amount } from "../ledger/snapshot.ts";
import { ACTION_SIZE_MAX, INNER_SIZE_MAX } from "./limits.ts";

export const TableOperation = union("TableOperation", {
  /** A player at this seat of the kiosk takes a place in the game, and is given chips once. */
  sit: [0x01, struct("Sit", {})],
  /** Leaves the place, when nothing of the player's lies on the table. */
  stand: [0x02, struct("Stand", {})],
  /** A move of the game, by its own layout. */
  act: [0x03, struct("Act", { counter: Counter, action: blob(ACTION_SIZE_MAX) })],
  rebuy: [0x04, struct("Rebuy", { counter: Counter })],
  /** The kiosk's own part in the dice: keys, partials, secrets. */
  dice: [0x05, struct("Dice", { operation: blob(INNER_SIZE_MAX) })],
  stake: [0x06, struct("Stake", { counter: Counter, amount: Amount })],
  unstake: [0x07, struct("Unstake", { counter: Counter, amount: Amount })],
  withdraw: [0x08, struct("Withdraw", { counter: Counter })],
  /** Shows what a kiosk did: evidence, whole. */
  accuse: [0x09, struct("Accuse", { evidence: blob(INNER_SIZE_MAX) })],
  /** Contests what happened. */
  dispute: [0x0a, struct("Dispute", { claim: blob(INNER_SIZE_MAX) })],
  /** The kiosk's word in a dispute. */
  vote: [0x0b, struct("Vote", { vote: DisputeVote })],
  /** A part of evidence that does not fit one operation. */
  evidencePart: [0x0c, EvidencePart],
});
export type TableOperation = ValueOf<typeof TableOperation>;

assert(TableOperation.sizeMax <= OPERATION_SIZE_MAX, "every operation fits a request");
