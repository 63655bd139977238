/** §5 proofs: made of the ballots that were counted, and checked by anyone with the members' keys. */
import type { Ballot, Position, SignedBallot } from "../../../protocol/agreement/ballot.ts";
import type { Certificate, CheckpointProof } from "../../../protocol/agreement/certificate.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { CERTIFICATE_NAMES_MAX } from "../../../protocol/core/limits.ts";
import { sequence, view } from "../../../protocol/core/units.ts";
import type { Ports } from "../ports.ts";
import { checkpointDigest } from "./genesis.ts";
import { CERTIFICATES_MAX } from "./limits.ts";
import { historyAt, namesBetween, nextHistory, oldestKept, placeAt } from "./log.ts";
import { quorum } from "./quorum.ts";
import { preparedSequence, primaryOf } from "./quorums.ts";
import type { Replica } from "./state.ts";
import { type Signers, verifyBallot, whole } from "./statements.ts";

/** §5.1 the primary's proposal and q − 1 prepares. Undefined where a base is not kept any more. */
export function preparedCertificate(of: Replica<unknown>, at: number): Certificate | undefined {
  const primary = primaryOf(of, of.view);
  const first = of.votes.prepareBallots[primary];
  if (first === undefined || of.votes.prepared[primary] < at) return undefined;
  const others = chosen(of.votes.prepareBallots, of.votes.prepared, at, of.quorum - 1, primary);
  if (others === undefined) return undefined;
  const ballots = [first, ...others];
  // Who caught up at one stroke has ballots that reach further than the names of one certificate.
  if (endOf("prepared", at, ballots) - at >= CERTIFICATE_NAMES_MAX) return undefined;
  return assemble(of, "prepared", at, ballots);
}

/** What was prepared in the view that ends is a certificate of it, and matters until something later covers it. */
export function keepCertificate(of: Replica<unknown>): void {
  if (of.phase !== "normal" || of.viewOver) return;
  const prepared = Math.min(preparedSequence(of), of.known);
  const fresh = prepared > of.start.sequence ? preparedCertificate(of, prepared) : undefined;
  if (fresh === undefined) return;
  of.certificates = withCertificate(of.certificates, fresh);
}

/** What still matters beside a new one: whatever reaches further or comes from a higher view. After a restart the votes of a view
 * come in again, and less of them may be there than its certificate showed before. */
export function withCertificate(held: readonly Certificate[], fresh: Certificate): Certificate[] {
  if (held.some((each) => each.view >= fresh.view && each.sequence >= fresh.sequence)) return [...held];
  const kept = held.filter((each) => each.sequence > fresh.sequence || each.view > fresh.view);
  return [...kept, fresh].slice(-CERTIFICATES_MAX);
}

/** §4.2 by commits, or by the prepares of all. */
export function decisionOf(of: Replica<unknown>, at: number, unanimous: boolean): Certificate {
  const { votes } = of;
  const ballots = unanimous
    ? chosen(votes.prepareBallots, votes.prepared, at, of.members.length)
    : chosen(votes.commitBallots, votes.committed, at, of.quorum);
  assert(ballots !== undefined, "what is decided has its votes");
  return assemble(of, unanimous ? "unanimous" : "committed", at, ballots);
}

function chosen(
  ballots: readonly (SignedBallot | undefined)[],
  positions: readonly number[],
  at: number,
  count: number,
  without = -1,
): SignedBallot[] | undefined {
  const taken: SignedBallot[] = [];
  for (let member = 0; member < ballots.length && taken.length < count; member++) {
    const ballot = ballots[member];
    if (member !== without && ballot !== undefined && positions[member] >= at) taken.push(ballot);
  }
  return taken.length === count ? taken : undefined;
}

function assemble(
  of: Replica<unknown>,
  phase: Certificate["phase"],
  at: number,
  ballots: readonly SignedBallot[],
): Certificate {
  const end = endOf(phase, at, ballots);
  // One window below is what a prepared certificate proves to be committed; more only helps who is behind.
  // From what was executed on, so that it alone leads from there; but nothing is known by name between there and the start
  // of a view that was entered behind the others.
  const unknown = of.executed < of.start.sequence ? of.start.sequence : 0;
  const enough = Math.max(Math.min(at - of.options.window, of.executed), end - CERTIFICATE_NAMES_MAX);
  const base = Math.max(oldestKept(of), enough, unknown);
  const names = namesBetween(of, base, end);
  const sorted = [...ballots].sort((left, right) => left.sender - right.sender);
  return {
    phase,
    view: view(of.view),
    sequence: sequence(at),
    base: placeAt(of, base),
    names,
    ballots: sorted.map((ballot) => lean(of, ballot, base, end)),
  };
}

/** What the ballots speak of in that phase, which a certificate names up to there. */
function endOf(phase: Certificate["phase"], at: number, ballots: readonly SignedBallot[]): number {
  let end = at;
  for (const { proposed, prepared, committed } of ballots) {
    const position = phase === "committed" ? committed : (proposed ?? prepared);
    end = Math.max(end, position?.sequence ?? at);
  }
  return end;
}

/** Without the histories that follow from base and names. A liar's other phases may name another history: that stays, or its
 * signature would not fit. */
function lean(of: Replica<unknown>, ballot: SignedBallot, base: number, end: number): SignedBallot {
  const follows = ({ sequence: at, history }: Position): boolean => {
    const ours = at >= base && at <= end ? historyAt(of, at) : undefined;
    return ours !== undefined && history !== undefined && bytesEqual(ours, history);
  };
  const bare = (position: Position | undefined): Position | undefined =>
    position !== undefined && follows(position) ? { sequence: position.sequence, history: undefined } : position;
  return {
    ...ballot,
    proposed: bare(ballot.proposed),
    prepared: bare(ballot.prepared),
    committed: bare(ballot.committed),
  };
}

export interface Proven {
  /** From the base, one for each place. */
  readonly histories: readonly Uint8Array[];
  readonly ballots: readonly { readonly signed: SignedBallot; readonly full: Ballot }[];
}

export type CertificateFault =
  | "ends elsewhere"
  | "no such member"
  | "not distinct"
  | "another view"
  | "wrong role"
  | "too few"
  | "history unknown"
  | "bad signature";

/** §5.2 everything is looked at: nothing in it may be taken on trust. */
export function verifyCertificate(
  of: Signers,
  ports: Ports,
  certificate: Certificate,
): { readonly ok: true; readonly proven: Proven } | { readonly ok: false; readonly why: CertificateFault } {
  const { base, names, ballots, phase } = certificate;
  const at: number = certificate.sequence;
  const n = of.members.length;
  const end = base.sequence + names.length;
  if (at <= base.sequence || at > end) return { ok: false, why: "ends elsewhere" };
  const primary = primaryOf(of, certificate.view);
  let prepares = 0;
  let commits = 0;
  let led = false;
  if (!distinct(ballots)) return { ok: false, why: "not distinct" };
  for (const ballot of ballots) {
    if (ballot.sender >= n) return { ok: false, why: "no such member" };
    if (ballot.view !== certificate.view) return { ok: false, why: "another view" };
    const leads = ballot.sender === primary;
    if (leads ? ballot.prepared !== undefined : ballot.proposed !== undefined) return { ok: false, why: "wrong role" };
    const reached = (ballot.proposed ?? ballot.prepared)?.sequence ?? 0;
    if (reached >= at && reached <= end) {
      prepares += 1;
      led ||= leads;
    }
    const committed = ballot.committed?.sequence ?? 0;
    if (committed >= at && committed <= end) commits += 1;
  }
  const enough =
    phase === "committed" ? commits >= quorum(n) : led && prepares >= (phase === "unanimous" ? n : quorum(n));
  if (!enough || (phase === "unanimous" ? ballots.length !== n : ballots.length !== quorum(n))) {
    return { ok: false, why: "too few" };
  }
  const histories: Uint8Array[] = [base.digest];
  for (let i = 0; i < names.length; i++) {
    histories.push(nextHistory(ports, histories[i], base.sequence + i + 1, names[i]));
  }
  const full: { signed: SignedBallot; full: Ballot }[] = [];
  for (const ballot of ballots) {
    const filled = whole(ballot, (position) => histories[position - base.sequence]);
    if (filled === undefined || !consistent(filled, phase, base.sequence, histories))
      return { ok: false, why: "history unknown" };
    if (!verifyBallot(of, ports, ballot.sender, filled, ballot.signature)) return { ok: false, why: "bad signature" };
    full.push({ signed: ballot, full: filled });
  }
  return { ok: true, proven: { histories, ballots: full } };
}

/** In the phase that counts, a history that is said in spite of the names is the same. What a liar says of others proves nothing. */
function consistent(
  ballot: Ballot,
  phase: Certificate["phase"],
  base: number,
  histories: readonly Uint8Array[],
): boolean {
  const place = phase === "committed" ? ballot.committed : (ballot.proposed ?? ballot.prepared);
  const ours = place === undefined ? undefined : histories[place.sequence - base];
  return place === undefined || ours === undefined || bytesEqual(ours, place.digest);
}

/** §6.2 q equal checkpoints, by the members of the epoch before. */
export function verifyCheckpointProof(of: Signers, ports: Ports, proof: CheckpointProof): boolean {
  const n = of.members.length;
  if (proof.epoch !== of.epoch || proof.ballots.length !== quorum(n) || !distinct(proof.ballots)) return false;
  const digest = checkpointDigest(ports, proof.header);
  for (const ballot of proof.ballots) {
    const place = ballot.checkpoint;
    if (ballot.sender >= n || place === undefined || place.sequence !== proof.header.sequence) return false;
    if (!bytesEqual(place.digest, digest)) return false;
  }
  for (const ballot of proof.ballots) {
    const full = whole(ballot, () => undefined);
    if (full === undefined || !verifyBallot(of, ports, ballot.sender, full, ballot.signature)) return false;
  }
  return true;
}

/** Each member once, in the one order that a set has. */
export function distinct(entries: readonly { readonly sender: number }[]): boolean {
  return entries.every((entry, at) => at === 0 || entries[at - 1].sender < entry.sender);
}
