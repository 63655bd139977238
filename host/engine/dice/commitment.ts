/**
 * Commit–reveal, for tables of two and three and for whoever prefers it: everyone says a digest of a secret, and when all
 * digests are there, the secret.
 *
 * A digest covers table, epoch, roll, bets and member beside the secret, so that another's digest said again opens to nothing.
 * To refuse the repetition outright would be a gift to whoever orders operations: it would put its copy first.
 */
import { bytes } from "../../../protocol/bytes/blobs.ts";
import { encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { list, struct } from "../../../protocol/bytes/compound.ts";
import { u8 } from "../../../protocol/bytes/numbers.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { memberIndex } from "../../../protocol/core/units.ts";
import { PROTOCOL_MAJOR } from "../../../protocol/core/version.ts";
import { SIGNING_DOMAIN } from "../../../protocol/envelope/signing.ts";
import { constant, constantByte } from "../../../protocol/message/constant.ts";
import { Digest, MemberIndex, Signature } from "../../../protocol/message/fields.ts";
import { RollInput } from "./bet-lock.ts";
import { SALT_SIZE, SECRET_SIZE } from "./limits.ts";
import type { DicePorts } from "./ports.ts";
import { Scalar } from "./scalar.ts";

export const Opening = struct("Opening", { secret: bytes(SECRET_SIZE), salt: bytes(SALT_SIZE) });
export type Opening = ValueOf<typeof Opening>;

/** Signed by itself beside the operation that brings it: the proof of a roll is checked where no history is. */
export const Commitment = struct("Commitment", { digest: Digest, signature: Signature });
export type Commitment = ValueOf<typeof Commitment>;

export const MemberCommitment = struct("MemberCommitment", { member: MemberIndex, commitment: Commitment });
export type MemberCommitment = ValueOf<typeof MemberCommitment>;
export const MemberOpening = struct("MemberOpening", { member: MemberIndex, opening: Opening });
export type MemberOpening = ValueOf<typeof MemberOpening>;

const Committed = struct("Committed", { input: RollInput, member: MemberIndex, opening: Opening });

export const commitmentDigest = (ports: DicePorts, input: RollInput, member: number, opening: Opening): Uint8Array =>
  ports.digest("hardway dice commitment", encode(Committed, { input, member: memberIndex(member), opening }));

const COMMITMENT_FORM = 0x04;

const CommitmentSigning = struct("CommitmentSigning", {
  domain: constant(SIGNING_DOMAIN),
  major: u8,
  form: constantByte(COMMITMENT_FORM),
  input: RollInput,
  member: MemberIndex,
  digest: Digest,
});

/** What the member signs. */
export const commitmentBytes = (input: RollInput, member: number, digest: Uint8Array): Uint8Array =>
  encode(CommitmentSigning, {
    domain: SIGNING_DOMAIN,
    major: PROTOCOL_MAJOR,
    form: COMMITMENT_FORM,
    ...{ input, member: memberIndex(member), digest },
  });

const DrawInput = struct("OpeningDraw", { secret: Scalar, input: RollInput, member: MemberIndex });

/** From the member's own secret and the roll: the same before and after a restart, and known to nobody else. */
export function drawOpening(ports: DicePorts, input: RollInput, member: number, secret: Uint8Array): Opening {
  const drawn = ports.wideDigest(
    "hardway dice opening",
    encode(DrawInput, { secret, input, member: memberIndex(member) }),
  );
  return { secret: drawn.slice(0, SECRET_SIZE), salt: drawn.slice(SECRET_SIZE) };
}

const Revealed = struct("Revealed", { input: RollInput, openings: list(MemberOpening, MEMBERS_MAX) });

/** By member and with the member: two equal secrets do not cancel out, as they would in a sum. */
export const openedSeed = (ports: DicePorts, input: RollInput, openings: readonly MemberOpening[]): Uint8Array =>
  ports.wideDigest("hardway dice revealed", encode(Revealed, { input, openings }));
