/** §3 and §4 from what is known to what may be said: prepare, commit, decide, execute, as far as each goes. Called after every
 * event; whatever the event was, the rules are the same. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { retryWaiting } from "./ballots.ts";
import { decisionOf, preparedCertificate, withCertificate } from "./certificates.ts";
import type { Effect } from "./events.ts";
import { executeSlot } from "./execute.ts";
import { high, isNull, low, placeAt, slotAt, slotFor } from "./log.ts";
import { acceptable } from "./proposals.ts";
import { propose } from "./propose.ts";
import { committedSequence, fastSequence, isPrimary, preparedSequence } from "./quorums.ts";
import { speak } from "./speak.ts";
import { canVote } from "./standing.ts";
import type { Replica, World } from "./state.ts";
import { commitSoon, decidedNow } from "./timing.ts";

export function advance<S>(of: Replica<S>, effects: Effect[], world: World<S>): void {
  for (;;) {
    const before = progress(of);
    hold(of);
    prepare(of, world);
    decide(of, effects);
    executeDecided(of, effects, world);
    propose(of, effects, world);
    retryWaiting(of, effects, world);
    commit(of, effects);
    if (progress(of) !== before) continue;
    // Last, when everything that is new can go under one signature. An own vote counts once it is durable and said.
    if (!speak(of, effects, world)) return;
  }
}

/** All of these only rise within a view. */
const progress = (of: Replica<unknown>): number =>
  of.known + of.held + of.executed + of.decided + of.own.proposed + of.own.prepared + of.own.committed;

/** Batches that are here, without a gap. */
function hold(of: Replica<unknown>): void {
  // What was decided elsewhere is known, whatever this view proposes.
  if (of.known < of.executed) of.known = of.executed;
  if (of.held < of.executed) of.held = of.executed;
  while (of.held < of.known && slotAt(of, of.held + 1)?.batch !== undefined) of.held += 1;
}

/** §3.2 prepare: in order, within the window that execution opens, below the watermark, and never past a barrier. */
function prepare<S>(of: Replica<S>, world: World<S>): void {
  if (!canVote(of) || of.executed < of.start.sequence) return;
  const reached = isPrimary(of) ? "proposed" : "prepared";
  const limit = Math.min(of.held, of.executed + of.options.window, high(of), of.barrier ?? Number.POSITIVE_INFINITY);
  // A vote for what is stable is one for all that lies below it.
  of.own[reached] = Math.max(of.own[reached], Math.min(limit, low(of)));
  while (of.own[reached] < limit) {
    const at = of.own[reached] + 1;
    const slot = slotFor(of, at);
    assert(slot.batch !== undefined && slot.name !== undefined, "what is held has its batch");
    if (at > of.executed) {
      if (slot.batch.barrier !== undefined && !isNull(slot.name)) {
        // §8 everything below a barrier is executed before anyone votes on it, and nothing above it is voted on.
        if (of.executed !== at - 1) return;
        if (!acceptable(of, at, slot.batch, world)) return;
        of.barrier = at;
      } else if (!acceptable(of, at, slot.batch, world)) return;
    }
    of.own[reached] = at;
    of.unsaid = true;
    if (of.barrier === at) return;
  }
}

/** §4.1 commit: what a quorum has prepared. The certificate is durable first. */
function commit(of: Replica<unknown>, effects: Effect[]): void {
  if (!canVote(of)) return;
  // Only with the batches here: whoever shows a certificate can show what it is of.
  const prepared = Math.min(preparedSequence(of), of.held);
  if (prepared <= of.own.committed) return;
  const certificate = preparedCertificate(of, prepared);
  if (certificate === undefined) return;
  effects.push({ type: "persist", record: { type: "certificate", certificate } });
  of.certificates = withCertificate(of.certificates, certificate);
  of.own.committed = prepared;
  if (prepared > of.decided) commitSoon(of);
}

/** §4.2 decided: a quorum of commits, or the prepares of everyone. */
function decide(of: Replica<unknown>, effects: Effect[]): void {
  const slow = committedSequence(of);
  const fast = of.options.fastPath ? fastSequence(of) : 0;
  const decided = Math.min(Math.max(slow, fast), of.known);
  // Up to the start of the view others have decided, and their proof is what counts.
  if (decided <= of.decided || decided <= of.start.sequence) return;
  of.decided = decided;
  const certificate = decisionOf(of, decided, fast > slow);
  of.decision = { certificate, place: placeAt(of, decided) };
  effects.push({ type: "persist", record: { type: "decided", certificate } });
  decidedNow(of, fast >= decided);
}

export function executeDecided<S>(of: Replica<S>, effects: Effect[], world: World<S>): void {
  while (of.executed < of.decided && !of.outdated) {
    const slot = slotAt(of, of.executed + 1);
    if (slot?.batch === undefined || slot.history === undefined) return;
    executeSlot(of, slot, effects, world);
    assert(bytesEqual(of.state.history, slot.history), "what is executed is what was decided");
  }
}
