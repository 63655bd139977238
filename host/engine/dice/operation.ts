/** What members order about dice, each signed by its kiosk like any operation. Bets are locked by the game. */
import type { ValueOf } from "../../../protocol/bytes/codec.ts";
import { list, struct, union } from "../../../protocol/bytes/compound.ts";
import { varint } from "../../../protocol/bytes/numbers.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { MEMBERS_MAX, OPERATION_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { RollNumber } from "./bet-lock.ts";
import { Commitment, Opening } from "./commitment.ts";
import { Complaint } from "./complaint.ts";
import { Dealing } from "./dealing.ts";
import { Element } from "./element.ts";
import { THRESHOLD_MAX } from "./limits.ts";
import { HeldPartial, KeyNumber } from "./partial.ts";

/** One bit each member, or each holder of a key. */
export const Members = varint(2 ** MEMBERS_MAX - 1);

export const DiceOperation = union("DiceOperation", {
  deal: [0x01, struct("Deal", { number: KeyNumber, dealing: Dealing })],
  /** "My shares of these dealings are right." A quorum of it, and the key serves. */
  confirm: [0x02, struct("Confirm", { number: KeyNumber, dealers: Members })],
  complain: [0x03, struct("Complain", { number: KeyNumber, complaint: Complaint })],
  /** The partials are the threshold's number, their holders ascending. */
  settle: [0x04, struct("Settle", { roll: RollNumber, output: Element, partials: list(HeldPartial, THRESHOLD_MAX) })],
  commit: [0x05, struct("CommitSecret", { roll: RollNumber, commitment: Commitment })],
  reveal: [0x06, struct("RevealSecret", { roll: RollNumber, opening: Opening })],
  /** "What this roll waits for does not come." */
  giveUp: [0x07, struct("GiveUp", { roll: RollNumber })],
});
export type DiceOperation = ValueOf<typeof DiceOperation>;
export type OperationOf<T extends DiceOperation["type"]> = Extract<DiceOperation, { readonly type: T }>;

assert(DiceOperation.sizeMax <= OPERATION_SIZE_MAX, "every operation fits a request");
