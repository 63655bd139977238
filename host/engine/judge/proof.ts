/**
 * What proves an offence: bytes that a member signed and no honest member signs, and nothing else. Anyone who has the members'
 * keys comes to the same verdict, with no history and nobody's word.
 */
import { SignedBallot } from "../../../protocol/agreement/ballot.ts";
import { Evidence } from "../../../protocol/agreement/evidence.ts";
import { Batch, SignedRequest } from "../../../protocol/agreement/request.ts";
import { encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { struct, union } from "../../../protocol/bytes/compound.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { Digest, type Place } from "../../../protocol/message/fields.ts";
import { judge } from "../consensus/evidence.ts";
import { nextHistory } from "../consensus/log.ts";
import { type Signers, verifyBallot, verifyRequest, whole } from "../consensus/statements.ts";
import { RollInput } from "../dice/bet-lock.ts";
import { Commitment, commitmentBytes } from "../dice/commitment.ts";
import { objectName } from "../objects/tree.ts";
import type { Ports } from "../ports.ts";
import { type Matter, type Offence, offence } from "./offence.ts";

export const Proof = union("Proof", {
  /** Two votes that contradict each other, a vote that was forgotten, a new view that does not follow. */
  agreement: [0x01, struct("AgreementProof", { evidence: Evidence })],
  /** Two operations under one number: of two spendings, each side is shown another. */
  twoRequests: [0x02, struct("TwoRequests", { first: SignedRequest, second: SignedRequest })],
  /** An operation that no state of the game takes, whatever went before. */
  impossibleRequest: [0x03, struct("ImpossibleRequest", { signed: SignedRequest })],
  /** A proposal that holds an operation which its client never signed. */
  forgedRequest: [0x04, struct("ForgedRequest", { ballot: SignedBallot, before: Digest, batch: Batch })],
  /** A secret that is not the one that was committed to. */
  falseOpening: [0x05, struct("FalseOpening", { signed: SignedRequest, input: RollInput, commitment: Commitment })],
});
export type Proof = ValueOf<typeof Proof>;
type ProofOf<Type extends Proof["type"]> = Extract<Proof, { readonly type: Type }>;

/** What the game knows of operations by their bytes alone. */
export interface OperationLaw {
  /** No state takes it: it is no operation at all, or one that nobody may ask for. */
  isImpossible(seat: number, operation: Uint8Array): boolean;
  /** Where it reveals a secret for this roll: the digest of that secret. */
  openedDigest(operation: Uint8Array, input: RollInput, member: number): Uint8Array | undefined;
}

/** One epoch, as far as its proofs are concerned. */
export type Bench = Signers & { readonly epochStart: Place };

/** Whom it convicts and of what; undefined where it proves nothing. */
export function verdictOf(of: Bench, ports: Ports, law: OperationLaw, proof: Proof): Offence | undefined {
  switch (proof.type) {
    case "agreement":
      return agreement(of, ports, proof.evidence);
    case "twoRequests":
      return twoRequests(of, ports, proof);
    case "impossibleRequest":
      return impossibleRequest(of, ports, law, proof);
    case "forgedRequest":
      return forgedRequest(of, ports, proof);
    case "falseOpening":
      return falseOpening(of, ports, law, proof);
  }
}

function agreement(of: Bench, ports: Ports, evidence: Evidence): Offence | undefined {
  const member = judge(of, ports, evidence);
  if (member === undefined) return undefined;
  switch (evidence.type) {
    case "contradiction":
      return offence(of, ports, member, "doubleVote", contradicted(evidence.first, evidence.second));
    case "amnesia":
      return offence(of, ports, member, "consensusViolation", { type: "viewChange", number: evidence.change.view });
    case "falseNewView": {
      const { view } = evidence.newView.newView;
      return offence(of, ports, member, "consensusViolation", { type: "newView", number: view });
    }
  }
}

/** However many votes of one view contradict each other, and whichever two are shown: it is one offence. */
function contradicted(first: SignedBallot, second: SignedBallot): Matter {
  const apart = (["proposed", "prepared", "committed"] as const).some((phase) => {
    const [left, right] = [first[phase], second[phase]];
    if (left?.history === undefined || right?.history === undefined) return false;
    return left.sequence === right.sequence && !bytesEqual(left.history, right.history);
  });
  if (first.view === second.view && apart) return { type: "votes", number: first.view };
  return { type: "checkpoint", number: first.checkpoint?.sequence ?? 0 };
}

function twoRequests(of: Bench, ports: Ports, { first, second }: ProofOf<"twoRequests">): Offence | undefined {
  const { number } = first.request;
  if (first.sender !== second.sender || number !== second.request.number) return undefined;
  const same =
    first.request.seat === second.request.seat && bytesEqual(first.request.operation, second.request.operation);
  if (same || !isSigned(of, ports, first) || !isSigned(of, ports, second)) return undefined;
  return offence(of, ports, first.sender, "balanceViolation", { type: "request", number });
}

function impossibleRequest(
  of: Bench,
  ports: Ports,
  law: OperationLaw,
  { signed }: ProofOf<"impossibleRequest">,
): Offence | undefined {
  const { seat, number, operation } = signed.request;
  if (!law.isImpossible(seat, operation) || !isSigned(of, ports, signed)) return undefined;
  return offence(of, ports, signed.sender, "invalidTransition", { type: "request", number });
}

/** Whoever proposes has verified every request in it, and whoever proposes again rests on an honest member that has. */
function forgedRequest(
  of: Bench,
  ports: Ports,
  { ballot, before, batch }: ProofOf<"forgedRequest">,
): Offence | undefined {
  const { sender, proposed } = ballot;
  if (sender >= of.members.length || proposed?.history === undefined) return undefined;
  const forged = batch.requests.some((each) => !isSigned(of, ports, each));
  if (!forged) return undefined;
  const history = nextHistory(ports, before, proposed.sequence, objectName(ports, encode(Batch, batch)));
  if (!bytesEqual(history, proposed.history)) return undefined;
  const full = whole(ballot, () => undefined);
  if (full === undefined || !verifyBallot(of, ports, sender, full, ballot.signature)) return undefined;
  return offence(of, ports, sender, "forgedSignature", { type: "proposal", number: proposed.sequence });
}

function falseOpening(
  of: Bench,
  ports: Ports,
  law: OperationLaw,
  { signed, input, commitment }: ProofOf<"falseOpening">,
): Offence | undefined {
  if (!bytesEqual(input.table, of.table) || input.epoch !== of.epoch || !isSigned(of, ports, signed)) return undefined;
  const opened = law.openedDigest(signed.request.operation, input, signed.sender);
  if (opened === undefined || bytesEqual(opened, commitment.digest)) return undefined;
  const committed = commitmentBytes(input, signed.sender, commitment.digest);
  if (!ports.verify(of.members[signed.sender], committed, commitment.signature)) return undefined;
  return offence(of, ports, signed.sender, "invalidRoll", { type: "roll", number: input.roll });
}

const isSigned = (of: Signers, ports: Ports, signed: SignedRequest): boolean =>
  signed.sender < of.members.length && verifyRequest(of, ports, signed);
