/**
 * Disputes in the agreed order: opened, voted on, decided. Where the log decides, it is executed again and nobody is asked; for
 * the rest members vote until a quorum is of one mind or the time is over. What comes of it are points and a word on the page,
 * never chips and never a seat: those want proof.
 */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { TIME_MAX_MS } from "../../../protocol/core/limits.ts";
import { type AgreedMillis, agreedMillis } from "../../../protocol/core/units.ts";
import type { DisputeClaim, DisputeVote } from "../../../protocol/message/dispute.ts";
import { type Refused, refused } from "../ledger/refusal.ts";
import type { Ports } from "../ports.ts";
import { withinClaimTolerance } from "./behaviour.ts";
import {
  countVotes,
  type Dispute,
  disputeId,
  type Reexecuted,
  type Resolution,
  resolution,
  spanOfDispute,
} from "./dispute.ts";
import { DISPUTE_VOTES_MAX, DISPUTES_DECIDED_MAX, DISPUTES_OPEN_MAX, DISPUTES_PER_CLAIMANT_MAX } from "./limits.ts";
import { credit, type Points } from "./points.ts";

export interface Disputes {
  open: Dispute[];
  /** Names of what was decided, the oldest first. */
  readonly decided: Uint8Array[];
}

export const noDisputes = (): Disputes => ({ open: [], decided: [] });

export type DisputeRefusal =
  | "not a member"
  /** Whoever claims something about itself. */
  | "own case"
  | "no evidence"
  /** The evidence is not what the digest says. */
  | "wrong digest"
  /** The moment that the claim names is none that the table agrees with. */
  | "wrong time"
  | "disputed already"
  | "decided already"
  | "disputes full"
  | "no such dispute"
  | "voted already";

/** What a dispute is decided by. */
export interface DisputePorts {
  readonly table: Uint8Array;
  readonly members: readonly Uint8Array[];
  readonly ports: Ports;
  /** Executes again what the claim is about, from the log alone: the same answer on every replica. */
  reexecute(claim: DisputeClaim): Reexecuted;
}

export type DisputeOutcome =
  | { readonly ok: true; readonly id: Uint8Array; readonly resolved: Resolution | undefined }
  | Refused<DisputeRefusal>;

export function openDispute(
  disputes: Disputes,
  points: Points,
  client: number,
  claim: DisputeClaim,
  time: AgreedMillis,
  of: DisputePorts,
): DisputeOutcome {
  const claimant = of.members[client];
  const suspect = of.members[claim.suspect];
  if (claimant === undefined || suspect === undefined) return refused("not a member");
  if (claim.suspect === client) return refused("own case");
  if (claim.evidence.length === 0) return refused("no evidence");
  if (!withinClaimTolerance(claim.opened, time)) return refused("wrong time");
  if (!bytesEqual(evidenceDigest(of.ports, claim.evidence), claim.digest)) return refused("wrong digest");
  const id = disputeId(of.ports, of.table, claim, suspect);
  if (find(disputes, id) !== undefined) return refused("disputed already");
  if (disputes.decided.some((each) => bytesEqual(each, id))) return refused("decided already");
  const own = disputes.open.filter((each) => bytesEqual(each.claimant, claimant)).length;
  if (disputes.open.length >= DISPUTES_OPEN_MAX || own >= DISPUTES_PER_CLAIMANT_MAX) return refused("disputes full");

  const dispute: Dispute = {
    id,
    kind: claim.kind,
    claimant: new Uint8Array(claimant),
    suspect: new Uint8Array(suspect),
    evidence: new Uint8Array(claim.digest),
    deadline: agreedMillis(Math.min(TIME_MAX_MS, time + spanOfDispute(claim.kind))),
    votes: [],
  };
  disputes.open.push(dispute);
  const log = of.reexecute(claim);
  if (log === "undecidable") return { ok: true, id, resolved: undefined };
  const resolved = resolution(dispute, log, "log");
  close(disputes, points, resolved, time);
  return { ok: true, id, resolved };
}

export function voteOnDispute(
  disputes: Disputes,
  points: Points,
  client: number,
  vote: DisputeVote,
  time: AgreedMillis,
  of: Pick<DisputePorts, "members">,
): DisputeOutcome {
  const key = of.members[client];
  if (key === undefined) return refused("not a member");
  const dispute = find(disputes, vote.dispute);
  if (dispute === undefined) return refused("no such dispute");
  if (dispute.votes.some((each) => bytesEqual(each.key, key))) return refused("voted already");
  if (dispute.votes.length === DISPUTE_VOTES_MAX) return refused("disputes full");
  dispute.votes.push({ key: new Uint8Array(key), answer: vote.answer });
  const resolved = countVotes(dispute, of.members);
  if (resolved !== undefined) close(disputes, points, resolved, time);
  return { ok: true, id: dispute.id, resolved };
}

/** The first thing in each batch: what was due by then, and what a change of members has decided. */
export function advanceDisputes(
  disputes: Disputes,
  points: Points,
  members: readonly Uint8Array[],
  time: AgreedMillis,
): Resolution[] {
  const resolved: Resolution[] = [];
  for (const dispute of disputes.open) {
    const due = time >= dispute.deadline ? resolution(dispute, "undecided", "time") : undefined;
    const found = countVotes(dispute, members) ?? due;
    if (found !== undefined) resolved.push(found);
  }
  for (const each of resolved) close(disputes, points, each, time);
  return resolved;
}

/** When the time wants to be agreed upon again. */
export const disputesDeadline = ({ open }: Disputes): AgreedMillis | undefined =>
  open.length === 0 ? undefined : agreedMillis(Math.min(...open.map(({ deadline }) => deadline)));

/** While it is argued nothing of the suspect's stake leaves, and what is argued about is not forgotten. */
export const isAccused = ({ open }: Disputes, key: Uint8Array): boolean =>
  open.some(({ suspect }) => bytesEqual(suspect, key));
export const isDisputed = ({ open }: Disputes, evidence: Uint8Array): boolean =>
  open.some((dispute) => bytesEqual(dispute.evidence, evidence));

export const evidenceDigest = (ports: Ports, evidence: Uint8Array): Uint8Array =>
  ports.digest("hardway dispute evidence", evidence);

/** To have been in the right costs nothing, and neither has what nobody could decide. */
function close(disputes: Disputes, points: Points, { dispute, outcome }: Resolution, time: AgreedMillis): void {
  disputes.open = disputes.open.filter((each) => each !== dispute);
  if (disputes.decided.length === DISPUTES_DECIDED_MAX) disputes.decided.shift();
  disputes.decided.push(dispute.id);
  assert(disputes.open.length < DISPUTES_OPEN_MAX, "a dispute that is decided leaves room");
  if (outcome === "upheld") {
    credit(points, dispute.claimant, "disputeWon", time);
    credit(points, dispute.suspect, "disputeLost", time);
  }
  if (outcome === "rejected") credit(points, dispute.claimant, "falseAccusation", time);
}

const find = ({ open }: Disputes, id: Uint8Array): Dispute | undefined => open.find((each) => bytesEqual(each.id, id));
