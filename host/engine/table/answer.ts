/** What came of an operation, for the kiosk that asked: the same bytes on every replica, and nothing moved where it was refused. */
import { blob } from "../../../protocol/bytes/blobs.ts";
import { encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { choice, optional, struct, union } from "../../../protocol/bytes/compound.ts";
import { bool, byteUpTo } from "../../../protocol/bytes/numbers.ts";
import { utf8Encode } from "../../../protocol/bytes/utf8.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { RESULT_SIZE_MAX, SEATS_MAX } from "../../../protocol/core/limits.ts";
import { CheatKind } from "../../../protocol/message/alert.ts";
import { Digest } from "../../../protocol/message/fields.ts";
import { RollNumber } from "../dice/bet-lock.ts";
import { Amount } from "../ledger/snapshot.ts";
import { SlashReasonLayout } from "../stakes/snapshot.ts";
import { WHY_SIZE_MAX } from "./limits.ts";

const Outcome = choice("DisputeOutcome", { upheld: 1, rejected: 2, undecided: 3 });
const DecidedBy = choice("DecidedBy", { log: 1, quorum: 2, tie: 3, time: 4 });

export const TableAnswer = union("TableAnswer", {
  done: [0x01, struct("Done", {})],
  /** In words that the page has a sentence for. */
  refused: [0x02, struct("Refused", { why: blob(WHY_SIZE_MAX) })],
  sat: [0x03, struct("Sat", { place: byteUpTo(SEATS_MAX - 1), free: Amount })],
  moved: [0x04, struct("Moved", { staked: Amount, returned: Amount })],
  rolled: [0x05, struct("Rolled", { roll: RollNumber, first: byteUpTo(6), second: byteUpTo(6) })],
  /** All bets went back, but those of whoever did not reveal: so many chips. */
  voided: [0x06, struct("Voided", { roll: RollNumber, forfeited: Amount })],
  /** Of what, what it cost under which reason, and whether the seat is lost. */
  convicted: [
    0x07,
    struct("Convicted", { kind: CheatKind, reason: optional(SlashReasonLayout), chips: Amount, excluded: bool }),
  ],
  /** By this name it is voted on. */
  disputed: [0x08, struct("Disputed", { dispute: Digest })],
  decided: [0x09, struct("Decided", { dispute: Digest, outcome: Outcome, by: DecidedBy, moreEvidence: bool })],
});
export type TableAnswer = ValueOf<typeof TableAnswer>;

assert(TableAnswer.sizeMax <= RESULT_SIZE_MAX, "an answer is a result");

export const DONE: TableAnswer = Object.freeze({ type: "done" });
export const refuse = (why: string): TableAnswer => ({ type: "refused", why: utf8Encode(why) });
export const answerBytes = (answer: TableAnswer): Uint8Array => encode(TableAnswer, answer).slice();
