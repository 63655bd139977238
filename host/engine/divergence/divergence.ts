/**
 * Who has another state than the table. Statements are compared with those of the same height alone, because whoever is
 * behind has a different state and is honest.
 *
 * The truth of a height is what a quorum signed. f + 1 equal statements already hold an honest one, as long as no more than
 * f lie; but whom a quorum contradicts, no fewer than a quorum of liars could have framed.
 */
import type { SignedBallot } from "../../../protocol/agreement/ballot.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { type MemberIndex, memberIndex, type Sequence } from "../../../protocol/core/units.ts";
import { bytesComeBefore } from "../../../protocol/message/fields.ts";
import { faultsMax, quorum } from "../consensus/quorum.ts";
import type { Signers } from "../consensus/statements.ts";
import type { Ports } from "../ports.ts";
import type { Contradiction } from "./contradiction.ts";
import { REPORTS_MAX } from "./limits.ts";
import { type CheckpointStatement, readStatement, type StatementRefusal, verifyStatement } from "./statement.ts";

export interface Divergence {
  /** "diverged": two states of one height, so somebody is wrong, named or not. "agreed": a quorum has signed one state, and
   * nobody another. "unknown": nothing contradicts and nothing is settled. */
  readonly verdict: "agreed" | "diverged" | "unknown";
  /** Ascending. */
  readonly heights: readonly Height[];
  /** All that signed another state than the truth of its height; ascending. */
  readonly deviants: readonly MemberIndex[];
  /** Nothing contradicts them, and their last word is of an earlier height than the highest truth. No fault. */
  readonly behind: readonly MemberIndex[];
  /** Of whom there is no valid statement. No fault either. */
  readonly silent: readonly MemberIndex[];
  readonly contradictions: readonly Contradiction[];
  readonly refused: readonly RefusedReport[];
}

export interface Height {
  readonly sequence: Sequence;
  /** What a quorum signed. Undefined also where two quorums signed differently: then more than f lie, and no state is true. */
  readonly truth: Uint8Array | undefined;
  /** What f + 1 signed. Several only where more than f lie or honest members have diverged. */
  readonly vouched: readonly Uint8Array[];
  /** Of this height, ascending; what proves it is their statement beside those for the truth. */
  readonly deviants: readonly MemberIndex[];
  /** Each digest with who signed it: the smallest digest first, of each the members ascending. */
  readonly groups: readonly Group[];
}

export interface Group {
  readonly digest: Uint8Array;
  readonly statements: readonly CheckpointStatement[];
}

export interface RefusedReport {
  readonly ballot: SignedBallot;
  readonly why: StatementRefusal | "repeated";
}

/** The answer does not depend on the order of reports, but for which of two repeated ballots is kept. */
export function detectDivergence(signers: Signers, reports: readonly SignedBallot[], ports: Ports): Divergence {
  assert(reports.length <= REPORTS_MAX, "whoever gathers reports bounds them");
  const { statements, refused } = verified(signers, reports, ports);
  const memberCount = signers.members.length;
  const heights = statements
    .map(({ sequence }) => sequence)
    .sort((left, right) => left - right)
    .filter((sequence, at, all) => at === 0 || all[at - 1] !== sequence)
    .map((sequence) =>
      heightOf(
        sequence,
        statements.filter((each) => each.sequence === sequence),
        memberCount,
      ),
    );

  const members = signers.members.map((_, member) => memberIndex(member));
  const deviants = members.filter((member) => heights.some((height) => height.deviants.includes(member)));
  const contradictions = heights.flatMap((height) => contradictionsOf(height, members));
  const settled = heights.filter((height) => height.truth !== undefined);
  const top = settled.length === 0 ? undefined : settled[settled.length - 1].sequence;
  return {
    verdict: heights.some(({ groups }) => groups.length > 1) ? "diverged" : top === undefined ? "unknown" : "agreed",
    heights,
    deviants,
    behind: members.filter((member) => {
      const own = statements.filter((each) => each.member === member);
      if (own.length === 0 || top === undefined || deviants.includes(member)) return false;
      return own.every((each) => each.sequence < top) && !contradictions.some((each) => each.first.sender === member);
    }),
    silent: members.filter((member) => !statements.some((each) => each.member === member)),
    contradictions,
    refused,
  };
}

/** Cheap reasons first. A repeated statement is one that was verified before: a forgery keeps nobody's place. */
function verified(
  signers: Signers,
  reports: readonly SignedBallot[],
  ports: Ports,
): { readonly statements: CheckpointStatement[]; readonly refused: RefusedReport[] } {
  const statements: CheckpointStatement[] = [];
  const refused: RefusedReport[] = [];
  for (const ballot of reports) {
    const read = readStatement(signers, ballot);
    if (!read.ok) {
      refused.push({ ballot, why: read.why });
      continue;
    }
    const { statement } = read;
    const why = statements.some((held) => isSame(held, statement))
      ? "repeated"
      : verifyStatement(signers, statement, ports);
    if (why === undefined) statements.push(statement);
    else refused.push({ ballot, why });
  }
  return { statements, refused };
}

const isSame = (left: CheckpointStatement, right: CheckpointStatement): boolean =>
  left.member === right.member && left.sequence === right.sequence && bytesEqual(left.digest, right.digest);

/** Who contradicts itself counts for both: its vote stands in a certificate too, and two quorums share an honest member. */
function heightOf(sequence: Sequence, statements: readonly CheckpointStatement[], memberCount: number): Height {
  const groups = grouped(statements);
  const backed = (votes: number): Uint8Array[] =>
    groups.filter((group) => group.statements.length >= votes).map(({ digest }) => digest);
  const certified = backed(quorum(memberCount));
  const truth = certified.length === 1 ? certified[0] : undefined;
  const deviants = statements
    .filter(({ digest }) => truth !== undefined && !bytesEqual(digest, truth))
    .map(({ member }) => member)
    .sort((left, right) => left - right)
    .filter((member, at, all) => at === 0 || all[at - 1] !== member);
  return { sequence, truth, vouched: backed(faultsMax(memberCount) + 1), deviants, groups };
}

function grouped(statements: readonly CheckpointStatement[]): readonly Group[] {
  const groups: { digest: Uint8Array; statements: CheckpointStatement[] }[] = [];
  for (const statement of statements) {
    const found = groups.find(({ digest }) => bytesEqual(digest, statement.digest));
    if (found === undefined) groups.push({ digest: statement.digest, statements: [statement] });
    else found.statements.push(statement);
  }
  for (const group of groups) group.statements.sort((left, right) => left.member - right.member);
  return groups.sort((left, right) => (bytesComeBefore(left.digest, right.digest) ? -1 : 1));
}

/** One a member and height: further lies prove no more. */
function contradictionsOf({ groups }: Height, members: readonly MemberIndex[]): readonly Contradiction[] {
  return members.flatMap((member) => {
    const [first, second] = groups.flatMap((group) => group.statements.filter((each) => each.member === member));
    return second === undefined ? [] : [{ first: first.ballot, second: second.ballot }];
  });
}
