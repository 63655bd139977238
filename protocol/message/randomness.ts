/** What kiosks put into a roll. All of it is bound to the roll and to the bets that were locked before it. */
import { bytes } from "../bytes/blobs.ts";
import type { ValueOf } from "../bytes/codec.ts";
import { struct, union } from "../bytes/compound.ts";
import { varint } from "../bytes/numbers.ts";
import { SEQUENCE_MAX } from "../core/limits.ts";
import { Digest } from "./fields.ts";

/** Counted from the table's first. */
export const RollNumber = varint(SEQUENCE_MAX);

/** The digest covers table, roll and sender beside the secret, so that another's commitment copied opens to nothing. */
export const RandomnessCommit = struct("RandomnessCommit", {
  roll: RollNumber,
  betLock: Digest,
  commitment: Digest,
});
export type RandomnessCommit = ValueOf<typeof RandomnessCommit>;

export const RandomnessContent = union("RandomnessContent", {
  /** Opens a commitment. */
  opening: [0x01, struct("RandomnessOpening", { betLock: Digest, secret: bytes(32), salt: bytes(32) })],
  /** A share of the table's verifiable random function over ristretto255, and the proof that its exponent is the sender's. The
   * proof is bound to the locked bets, which whoever can check it knows. */
  partial: [0x02, struct("RandomnessPartial", { point: bytes(32), proof: bytes(64) })],
});
export type RandomnessContent = ValueOf<typeof RandomnessContent>;

export const RandomnessReveal = struct("RandomnessReveal", {
  roll: RollNumber,
  content: RandomnessContent,
});
export type RandomnessReveal = ValueOf<typeof RandomnessReveal>;
