/**
 * Evidence as it is passed on and kept: a proof, what it says, and who has checked it. Third parties need nothing beside the keys
 * of its epoch's members; the witnesses only say that they have done the same before, and when.
 */
import { encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { struct } from "../../../protocol/bytes/compound.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { u8, varint } from "../../../protocol/bytes/numbers.ts";
import { type AgreedMillis, memberIndex } from "../../../protocol/core/units.ts";
import { PROTOCOL_MAJOR } from "../../../protocol/core/version.ts";
import { SIGNING_DOMAIN } from "../../../protocol/envelope/signing.ts";
import { CheatKind, SEVERITY_MAX } from "../../../protocol/message/alert.ts";
import { constant, constantByte } from "../../../protocol/message/constant.ts";
import {
  AgreedTime,
  ascending,
  Digest,
  Epoch,
  MemberIndex,
  Signature,
  TableId,
} from "../../../protocol/message/fields.ts";
import type { Ports } from "../ports.ts";
import { severityOf } from "./cheat.ts";
import { WITNESSES_MAX } from "./limits.ts";
import type { Offence } from "./offence.ts";
import { type Bench, type OperationLaw, Proof, verdictOf } from "./proof.ts";

const Witness = struct("Witness", { member: MemberIndex, signature: Signature });

export const CheatEvidence = struct("CheatEvidence", {
  /** Of the offence: two proofs of one offence have one. */
  id: Digest,
  epoch: Epoch,
  suspect: MemberIndex,
  kind: CheatKind,
  /** When the first witness saw it, by the table's time. */
  time: AgreedTime,
  severity: varint(SEVERITY_MAX),
  proof: Proof,
  witnesses: ascending(Witness, WITNESSES_MAX, (left, right) => left.member < right.member),
});
export type CheatEvidence = ValueOf<typeof CheatEvidence>;

export type EvidenceFault =
  | "another epoch"
  | "proves nothing"
  | "another suspect"
  | "another kind"
  | "another severity"
  | "another name"
  | "no witness"
  | "not a member"
  | "witness in its own case"
  | "bad signature";

export type EvidenceVerdict =
  | { readonly ok: true; readonly offence: Offence }
  | { readonly ok: false; readonly why: EvidenceFault };

/** By a member that has checked the proof itself; undefined where it proves nothing. */
export function giveEvidence(
  of: Bench,
  ports: Ports,
  law: OperationLaw,
  me: number,
  proof: Proof,
  time: AgreedMillis,
): CheatEvidence | undefined {
  const found = verdictOf(of, ports, law, proof);
  if (found === undefined || found.suspect === me) return undefined;
  const { id, epoch, suspect, kind } = found;
  const bare = { id, epoch, suspect, kind, time, severity: severityOf(kind), proof, witnesses: [] };
  return { ...bare, witnesses: [witnessOf(of, ports, me, bare)] };
}

/** By one more member; the same where it has signed already, or where it must not. */
export function coSign(
  of: Bench,
  ports: Ports,
  law: OperationLaw,
  me: number,
  evidence: CheatEvidence,
): CheatEvidence | EvidenceFault {
  const verdict = verifyEvidence(of, ports, law, evidence);
  if (!verdict.ok) return verdict.why;
  if (evidence.suspect === me) return "witness in its own case";
  if (evidence.witnesses.some(({ member }) => member === me)) return evidence;
  const witnesses = [...evidence.witnesses, witnessOf(of, ports, me, evidence)];
  return { ...evidence, witnesses: witnesses.sort((left, right) => left.member - right.member) };
}

/** Cheap things first: a signature is verified where everything else is right. */
export function verifyEvidence(of: Bench, ports: Ports, law: OperationLaw, evidence: CheatEvidence): EvidenceVerdict {
  const { witnesses, suspect } = evidence;
  if (evidence.epoch !== of.epoch) return fault("another epoch");
  if (evidence.severity !== severityOf(evidence.kind)) return fault("another severity");
  if (witnesses.length === 0) return fault("no witness");
  if (witnesses.some(({ member }) => member >= of.members.length)) return fault("not a member");
  if (witnesses.some(({ member }) => member === suspect)) return fault("witness in its own case");
  const found = verdictOf(of, ports, law, evidence.proof);
  if (found === undefined) return fault("proves nothing");
  if (found.suspect !== suspect) return fault("another suspect");
  if (found.kind !== evidence.kind) return fault("another kind");
  if (!bytesEqual(found.id, evidence.id)) return fault("another name");
  const holds = witnesses.every(({ member, signature }) =>
    ports.verify(of.members[member], signedBytes(of, ports, member, evidence), signature),
  );
  return holds ? { ok: true, offence: found } : fault("bad signature");
}

const WITNESS_FORM = 0x05;

const WitnessSigning = struct("WitnessSigning", {
  domain: constant(SIGNING_DOMAIN),
  major: u8,
  form: constantByte(WITNESS_FORM),
  table: TableId,
  epoch: Epoch,
  member: MemberIndex,
  offence: Digest,
  proof: Digest,
  time: AgreedTime,
});

type Witnessed = Pick<CheatEvidence, "id" | "epoch" | "proof" | "time">;

const signedBytes = (of: Bench, ports: Ports, member: number, { id, epoch, proof, time }: Witnessed): Uint8Array =>
  encode(WitnessSigning, {
    domain: SIGNING_DOMAIN,
    major: PROTOCOL_MAJOR,
    form: WITNESS_FORM,
    table: of.table,
    ...{ epoch, time, member: memberIndex(member), offence: id },
    proof: ports.digest("hardway proof", encode(Proof, proof)),
  });

const witnessOf = (of: Bench, ports: Ports, me: number, about: Witnessed): ValueOf<typeof Witness> => ({
  member: memberIndex(me),
  signature: ports.sign(signedBytes(of, ports, me, about)),
});

const fault = (why: EvidenceFault): EvidenceVerdict => ({ ok: false, why });
