/** What a member signed of its own state: the digest that it had at a sequence. Whatever else the ballot says, the signature
 * covers all of it, so the ballot is kept whole, with every history in it, and proves the statement to anyone. */
import type { SignedBallot } from "../../../protocol/agreement/ballot.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { MemberIndex, Sequence } from "../../../protocol/core/units.ts";
import { type Signers, verifyBallot, whole } from "../consensus/statements.ts";
import type { Ports } from "../ports.ts";

export interface CheckpointStatement {
  readonly member: MemberIndex;
  readonly sequence: Sequence;
  readonly digest: Uint8Array;
  readonly ballot: SignedBallot;
}

export type StatementRefusal = "no checkpoint" | "no such member" | "histories are missing" | "bad signature";

export type ReadStatement =
  | { readonly ok: true; readonly statement: CheckpointStatement }
  | { readonly ok: false; readonly why: StatementRefusal };

/** Before anything costly. What comes out was not verified. */
export function readStatement(signers: Signers, ballot: SignedBallot): ReadStatement {
  const { sender, checkpoint } = ballot;
  if (checkpoint === undefined) return { ok: false, why: "no checkpoint" };
  if (sender >= signers.members.length) return { ok: false, why: "no such member" };
  return { ok: true, statement: { member: sender, ...checkpoint, ballot } };
}

export function verifyStatement(
  signers: Signers,
  { member, ballot }: CheckpointStatement,
  ports: Ports,
): StatementRefusal | undefined {
  const full = whole(ballot, () => undefined);
  if (full === undefined) return "histories are missing";
  return verifyBallot(signers, ports, member, full, ballot.signature) ? undefined : "bad signature";
}

/** Of two states: of different heights nothing is said, for whoever is lower may only be behind. */
export type Comparison = "same" | "different" | "not comparable";

export function compareStates(
  left: Pick<CheckpointStatement, "sequence" | "digest">,
  right: Pick<CheckpointStatement, "sequence" | "digest">,
): Comparison {
  if (left.sequence !== right.sequence) return "not comparable";
  return bytesEqual(left.digest, right.digest) ? "same" : "different";
}
