/** What came of an operation, for the kiosk that asked: the same bytes on every replica, and nothing moved where it was refused. */
import { blob } from "../../../protocol/bytes/blobs.ts";
import { encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { struct, union } from "../../../protocol/bytes/compound.ts";
import { byteUpTo } from "../../../protocol/bytes/numbers.ts";
import { utf8Encode } from "../../../protocol/bytes/utf8.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { RESULT_SIZE_MAX, SEATS_MAX } from "../../../protocol/core/limits.ts";
import { RollNumber } from "../dice/bet-lock.ts";
import { Amount } from "../ledger/snapshot.ts";
import { WHY_SIZE_MAX } from "./limits.ts";

export const TableAnswer = union("TableAnswer", {
  done: [0x01, struct("Done", {})],
  /** In words that the page has a sentence for. */
  refused: [0x02, struct("Refused", { why: blob(WHY_SIZE_MAX) })],
  sat: [0x03, struct("Sat", { place: byteUpTo(SEATS_MAX - 1), free: Amount })],
  moved: [0x04, struct("Moved", { staked: Amount, returned: Amount })],
  rolled: [0x05, struct("Rolled", { roll: RollNumber, first: byteUpTo(6), second: byteUpTo(6) })],
  voided: [0x06, struct("Voided", { roll: RollNumber })],
});
export type TableAnswer = ValueOf<typeof TableAnswer>;

assert(TableAnswer.sizeMax <= RESULT_SIZE_MAX, "an answer is a result");

export const DONE: TableAnswer = Object.freeze({ type: "done" });
export const refuse = (why: string): TableAnswer => ({ type: "refused", why: utf8Encode(why) });
export const answerBytes = (answer: TableAnswer): Uint8Array => encode(TableAnswer, answer).slice();
