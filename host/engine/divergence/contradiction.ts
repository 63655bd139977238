/** Two different digests of one member for one height: honest software signs no second one, so the two ballots are proof
 * against whoever signed them, for anyone who has the key. To deviate is none: a broken memory deviates honestly. */
import type { SignedBallot } from "../../../protocol/agreement/ballot.ts";
import type { MemberIndex, Sequence } from "../../../protocol/core/units.ts";
import type { Signers } from "../consensus/statements.ts";
import type { Ports } from "../ports.ts";
import { compareStates, readStatement, type StatementRefusal, verifyStatement } from "./statement.ts";

export interface Contradiction {
  readonly first: SignedBallot;
  readonly second: SignedBallot;
}

export type ContradictionVerdict =
  | { readonly ok: true; readonly member: MemberIndex; readonly sequence: Sequence }
  | { readonly ok: false; readonly why: StatementRefusal | "not of one member" | "no contradiction" };

export function verifyContradiction(
  signers: Signers,
  { first, second }: Contradiction,
  ports: Ports,
): ContradictionVerdict {
  const left = readStatement(signers, first);
  if (!left.ok) return left;
  const right = readStatement(signers, second);
  if (!right.ok) return right;
  const { member, sequence } = left.statement;
  if (member !== right.statement.member) return { ok: false, why: "not of one member" };
  if (compareStates(left.statement, right.statement) !== "different") return { ok: false, why: "no contradiction" };
  const why = verifyStatement(signers, left.statement, ports) ?? verifyStatement(signers, right.statement, ports);
  return why === undefined ? { ok: true, member, sequence } : { ok: false, why };
}
