/** What a liar passes on with a bit that is another: proofs of others' votes, and its own part of the dice. */
import type { SignedBallot } from "../../protocol/agreement/ballot.ts";
import type { Said } from "../../protocol/agreement/said.ts";
import { drawBelow } from "../../protocol/core/chance.ts";
import { epoch } from "../../protocol/core/units.ts";
import { seal } from "../../protocol/envelope/seal.ts";
import { sealSaid } from "../../protocol/envelope/seal-said.ts";
import { type LiarHand, replicaOf } from "./hand.ts";
import { ownReveal, saidIn } from "./own-words.ts";

/** A certificate or a checkpoint's proof, with a signature that nobody made. */
export function forgedProof(hand: LiarHand, packet: Uint8Array): Uint8Array | undefined {
  const of = replicaOf(hand);
  const said = saidIn(hand, packet);
  if (of === undefined || said === undefined) return undefined;
  const forged = withOtherSignature(hand, said);
  return forged && sealSaid(forged, { id: of.table, epoch: epoch(of.epoch) }).bytes.slice();
}

/** The last that was decided, of which nobody has asked for a proof. */
export function forgedDecision(hand: LiarHand): Uint8Array | undefined {
  const of = replicaOf(hand);
  if (of?.decision === undefined) return undefined;
  const forged = withOtherSignature(hand, { type: "certificate", certificate: of.decision.certificate });
  return forged && sealSaid(forged, { id: of.table, epoch: epoch(of.epoch) }).bytes.slice();
}

function withOtherSignature(hand: LiarHand, said: Said): Said | undefined {
  switch (said.type) {
    case "certificate": {
      const { certificate } = said;
      return { ...said, certificate: { ...certificate, ballots: spoilt(hand, certificate.ballots) } };
    }
    case "checkpoint":
      return { ...said, proof: { ...said.proof, ballots: spoilt(hand, said.proof.ballots) } };
    default:
      return undefined;
  }
}

const spoilt = ({ chance }: LiarHand, ballots: readonly SignedBallot[]): SignedBallot[] => {
  const at = drawBelow(chance, Math.max(1, ballots.length));
  return ballots.map((ballot, each) =>
    each === at ? { ...ballot, signature: flipped(ballot.signature, drawBelow(chance, 512)) } : ballot,
  );
};

/** The envelope is signed as it should be: whoever sends this has signed that it did. */
export function forgedPartial(hand: LiarHand, packet: Uint8Array): Uint8Array | undefined {
  const opened = ownReveal(hand, packet);
  if (opened?.message.type !== "randomnessReveal" || opened.message.content.type !== "partial") return undefined;
  const { content } = opened.message;
  const proof = flipped(content.proof, drawBelow(hand.chance, 8 * LOW_SIZE));
  return seal({ ...opened.message, content: { ...content, proof } }, opened.from, hand.ports).bytes.slice();
}

/** Of a number of the group its first bytes, whatever they are, leave it a number of the group nearly always. */
const LOW_SIZE = 8;

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[bit >> 3] ^= 1 << (bit & 7);
  return copy;
}
