/** §10 evidence: found while votes are counted, judged by anyone. Suspicion is nothing; only what contradicts itself under one
 * key is punished. */
import type { Ballot, Position, SignedBallot } from "../../../protocol/agreement/ballot.ts";
import type { SignedNewView, SignedViewChange, ViewChangeBody } from "../../../protocol/agreement/certificate.ts";
import { ViewChangeBody as Body } from "../../../protocol/agreement/certificate.ts";
import { Evidence } from "../../../protocol/agreement/evidence.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { Place } from "../../../protocol/message/fields.ts";
import { objectName } from "../objects/tree.ts";
import type { Ports } from "../ports.ts";
import type { Effect } from "./events.ts";
import { SEEN_BALLOTS_MAX } from "./limits.ts";
import { sameName } from "./log.ts";
import { faultsMax, quorum } from "./quorum.ts";
import { resultOf, select } from "./select.ts";
import type { Replica, World } from "./state.ts";
import { type Signers, verifyBallot, verifyNewView, verifyViewChange, whole } from "./statements.ts";
import { faultOf } from "./view-change-body.ts";

/** A ballot whose signature holds, with every history said. */
export function witness(of: Replica<unknown>, ballot: SignedBallot, effects: Effect[]): void {
  const seen = of.seen[ballot.sender];
  for (const earlier of seen) {
    if (contradict(earlier, ballot)) {
      report(of, ballot.sender, { type: "contradiction", first: earlier, second: ballot }, effects);
      return;
    }
  }
  const commit = of.seenCommit[ballot.sender];
  if (ballot.committed !== undefined && (commit?.committed?.sequence ?? 0) <= ballot.committed.sequence) {
    of.seenCommit[ballot.sender] = ballot;
  }
  seen.push(ballot);
  if (seen.length > SEEN_BALLOTS_MAX) seen.shift();
}

/** A vote that is remembered and a wish that forgets it. */
export function witnessViewChange(
  of: Replica<unknown>,
  change: SignedViewChange,
  body: ViewChangeBody,
  effects: Effect[],
): void {
  const committed = of.seenCommit[change.sender];
  if (committed === undefined || !forgets(committed, change, body)) return;
  report(of, change.sender, { type: "amnesia", committed, change, body }, effects);
}

export function accuseNewView(
  of: Replica<unknown>,
  newView: SignedNewView,
  bodies: readonly ViewChangeBody[],
  effects: Effect[],
): void {
  report(of, newView.sender, { type: "falseNewView", newView, bodies }, effects);
}

/** Once a member and epoch: one proof is enough. */
function report(of: Replica<unknown>, member: number, evidence: Evidence, effects: Effect[]): void {
  if ((of.accused & (1 << member)) !== 0) return;
  of.accused |= 1 << member;
  effects.push({ type: "evidence", evidence });
}

function contradict(first: SignedBallot, second: SignedBallot): boolean {
  if (first.checkpoint !== undefined && second.checkpoint !== undefined) {
    if (differ(first.checkpoint, second.checkpoint)) return true;
  }
  if (first.view !== second.view) return false;
  return (
    apart(first.proposed, second.proposed) ||
    apart(first.prepared, second.prepared) ||
    apart(first.committed, second.committed)
  );
}

const apart = (left: Position | undefined, right: Position | undefined): boolean =>
  left?.history !== undefined &&
  right?.history !== undefined &&
  left.sequence === right.sequence &&
  !bytesEqual(left.history, right.history);

const differ = (first: Place | undefined, second: Place | undefined): boolean =>
  first !== undefined &&
  second !== undefined &&
  first.sequence === second.sequence &&
  !bytesEqual(first.digest, second.digest);

/** A commit at n in view v, and later a prefix below n and no certificate that reaches n from v or above. */
function forgets(committed: SignedBallot, change: SignedViewChange, body: ViewChangeBody): boolean {
  const at = committed.committed?.sequence ?? 0;
  if (change.view <= committed.view || body.prefix.sequence >= at) return false;
  return !body.certificates.some((each) => each.view >= committed.view && each.sequence >= at);
}

/** Whom it is against, whether it proves anything or not. */
export function accusedBy(evidence: Evidence): number {
  switch (evidence.type) {
    case "contradiction":
      return evidence.first.sender;
    case "amnesia":
      return evidence.committed.sender;
    case "falseNewView":
      return evidence.newView.sender;
  }
}

/** Whom it convicts, by the keys of one epoch; nothing where it proves nothing. */
export function judge(
  of: Signers & { readonly epochStart: Place },
  ports: Ports,
  evidence: Evidence,
): number | undefined {
  switch (evidence.type) {
    case "contradiction": {
      const { first, second } = evidence;
      const member = first.sender;
      if (second.sender !== member || member >= of.members.length || !contradict(first, second)) return undefined;
      return holds(of, ports, first) && holds(of, ports, second) ? member : undefined;
    }
    case "amnesia": {
      const { committed, change, body } = evidence;
      const member = committed.sender;
      if (change.sender !== member || member >= of.members.length || !forgets(committed, change, body))
        return undefined;
      if (!sameName(objectName(ports, encode(Body, body)), change.body)) return undefined;
      return holds(of, ports, committed) && verifyViewChange(of, ports, change) ? member : undefined;
    }
    case "falseNewView":
      return falseNewView(of, ports, evidence.newView, evidence.bodies) ? evidence.newView.sender : undefined;
  }
}

function holds(of: Signers, ports: Ports, ballot: SignedBallot): boolean {
  const full: Ballot | undefined = whole(ballot, () => undefined);
  return full !== undefined && verifyBallot(of, ports, ballot.sender, full, ballot.signature);
}

function falseNewView(
  of: Signers & { readonly epochStart: Place },
  ports: Ports,
  signed: SignedNewView,
  bodies: readonly ViewChangeBody[],
): boolean {
  const { newView } = signed;
  const n = of.members.length;
  if (signed.sender >= n || bodies.length !== newView.viewChanges.length || bodies.length !== quorum(n)) return false;
  if (!verifyNewView(of, ports, signed)) return false;
  for (const [i, change] of newView.viewChanges.entries()) {
    if (change.sender >= n || !sameName(objectName(ports, encode(Body, bodies[i])), change.body)) return false;
    if (!verifyViewChange(of, ports, change)) return false;
    // A wish that is itself no wish is not the primary's to rest on.
    if (faultOf(of, change, bodies[i], ports) !== undefined) return true;
  }
  const result = resultOf(ports, select(bodies, quorum(n), faultsMax(n)));
  return result.sequence !== newView.result.sequence || !bytesEqual(result.digest, newView.result.digest);
}

/** The same, for evidence that was ordered as an operation: two ballots, by the keys of the epoch in which it is executed. Nothing
 * else fits an operation, and nothing else may: every replica decides alike, whatever epoch it has come to itself. */
export function guiltyOf<S>(of: Replica<S>, bytes: Uint8Array, world: World<S>): number | undefined {
  const decoded = decode(Evidence, bytes);
  if (!decoded.ok || decoded.value.type !== "contradiction") return undefined;
  const { epoch, members } = of.state.table;
  return judge({ table: of.table, epoch, members, epochStart: of.epochStart }, world.ports, decoded.value);
}
