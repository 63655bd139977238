/** §7.6 into a view: by a new view, or by the stable checkpoint of a barrier. What was voted in lower ones is over; what may be
 * committed there is proposed again. */
import type { CheckpointProof, SignedNewView } from "../../../protocol/agreement/certificate.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { epoch, memberIndex, view } from "../../../protocol/core/units.ts";
import type { ObjectName, Place } from "../../../protocol/message/fields.ts";
import type { Ports } from "../ports.ts";
import { keepCertificate } from "./certificates.ts";
import type { Effect } from "./events.ts";
import { leadership } from "./leadership.ts";
import { farthest, low, nextHistory, setName, slotFor } from "./log.ts";
import { setObjectMembers } from "./objects.ts";
import { recountProposed } from "./propose.ts";
import { faultsMax, quorum } from "./quorum.ts";
import { primaryOf } from "./quorums.ts";
import { executedOf, ownPending } from "./requests.ts";
import { keepLineage } from "./restore.ts";
import type { Selection } from "./select.ts";
import { emptyPool, emptyVotes, type NamedBody, type Replica, type World } from "./state.ts";
import { enteredView, setTimedMembers } from "./timing.ts";

export function enterByNewView<S>(
  of: Replica<S>,
  signed: SignedNewView,
  bodies: readonly NamedBody[],
  selection: Selection,
  effects: Effect[],
  world: World<S>,
): void {
  keepCertificate(of);
  const { start, names } = selection;
  enter(of, of.epoch, signed.newView.view, start, signed, names, effects, world);
  of.newViewBodies = bodies;
}

/** §8 the same everywhere, without anything to propose again: nobody has voted on anything above the barrier. Whoever comes by a
 * later checkpoint of that view begins there. */
export function enterByCheckpoint<S>(of: Replica<S>, effects: Effect[], world: World<S>): void {
  const { header } = of.stable;
  const start = { sequence: header.sequence, digest: header.history };
  if (header.epoch > of.epoch) {
    setMembers(of, header.epoch, header.members, start);
    of.wanting.splice(0);
    setObjectMembers(of, effects, world);
    enter(of, header.epoch, header.view, start, undefined, [], effects, world);
  } else if (
    header.epoch === of.epoch &&
    header.view > of.view &&
    (of.phase === "normal" || header.view >= of.wanted)
  ) {
    keepCertificate(of);
    enter(of, header.epoch, header.view, start, undefined, [], effects, world);
  }
}

/** Into the next epoch ahead of its state, which comes with a later checkpoint or with decisions. */
export function passEpoch<S>(of: Replica<S>, proof: CheckpointProof, effects: Effect[], world: World<S>): void {
  const { header } = proof;
  const start = { sequence: header.sequence, digest: header.history };
  effects.push({ type: "persist", record: { type: "passed", proof } });
  passInto(of, proof, effects, world);
  enter(of, header.epoch, header.view, start, undefined, [], effects, world);
}

/** The part that a restart repeats. */
export function passInto<S>(of: Replica<S>, proof: CheckpointProof, effects: Effect[], world: World<S>): void {
  const { header } = proof;
  keepLineage(of, proof);
  of.snapshot = undefined;
  of.wanting.splice(0);
  setMembers(of, header.epoch, header.members, { sequence: header.sequence, digest: header.history });
  setObjectMembers(of, effects, world);
}

function enter<S>(
  of: Replica<S>,
  intoEpoch: number,
  into: number,
  start: Place,
  newView: SignedNewView | undefined,
  names: readonly ObjectName[],
  effects: Effect[],
  world: World<S>,
): void {
  effects.push({
    type: "persist",
    record: { type: "entered", epoch: epoch(intoEpoch), view: view(into), start, newView, names },
  });
  takeView(of, into, start, newView, names, world.ports);
  enteredView(of);
  recountProposed(of);
  effects.push({
    type: "entered",
    epoch: epoch(intoEpoch),
    view: view(into),
    primary: memberIndex(primaryOf(of, into)),
  });
}

/** The part that a restart repeats from the journal. */
export function takeView(
  of: Replica<unknown>,
  into: number,
  start: Place,
  newView: SignedNewView | undefined,
  names: readonly ObjectName[],
  ports: Ports,
): void {
  of.view = into;
  of.phase = "normal";
  of.wanted = into;
  of.start = start;
  of.newView = newView;
  of.newViewBodies = [];
  of.barrier = of.barrier !== undefined && of.barrier <= of.executed && of.barrier > low(of) ? of.barrier : undefined;
  of.pendingNewView = undefined;
  of.viewChanges = of.viewChanges.map((held) => (held !== undefined && held.change.view > into ? held : undefined));
  const stands = propose(of, start, names, ports);
  Object.assign(of.votes, emptyVotes(of.members.length, start.sequence));
  const own = { proposed: start.sequence, prepared: start.sequence, committed: start.sequence };
  const checkpoint = of.own.checkpoint;
  of.own = { ...own, checkpoint };
  // A checkpoint that is not stable yet is said again: a barrier waits for it, and who heard it may be gone.
  const isOpen = checkpoint !== undefined && checkpoint.sequence > low(of);
  of.said = { ...own, checkpoint: isOpen ? undefined : of.said.checkpoint };
  of.claimed = start.sequence;
  of.unsaid = true;
  of.viewOver = !stands;
}

/** The slots above the start, as they are proposed again. What is decided stays as it is: a new view of the past may know nothing
 * of it, and then there is nothing to vote on in that view. Answers whether it stands. */
function propose(of: Replica<unknown>, start: Place, said: readonly ObjectName[], ports: Ports): boolean {
  const done = Math.max(of.executed, of.decided);
  // Below the start others have decided, and not necessarily what was proposed here.
  for (let at = done + 1; at <= start.sequence; at++) {
    if (at - low(of) <= of.slots.length) setName(slotFor(of, at), undefined, undefined);
  }
  // Who is too far behind to hold them hears of them again when it has come here.
  const names = start.sequence + said.length > farthest(of) ? [] : said;
  let history = start.digest;
  let stands = true;
  for (let i = 0; i < names.length && stands; i++) {
    const at = start.sequence + i + 1;
    history = nextHistory(ports, history, at, names[i]);
    if (at <= low(of)) continue;
    const slot = slotFor(of, at);
    if (at <= done) {
      stands = slot.history === undefined || bytesEqual(slot.history, history);
      continue;
    }
    setName(slot, names[i], history);
    slot.again = true;
  }
  const end = stands ? Math.max(start.sequence + names.length, low(of), done) : done;
  for (let at = end + 1; at - low(of) <= of.slots.length; at++) {
    const slot = slotFor(of, at);
    setName(slot, undefined, undefined);
    slot.again = false;
  }
  of.repeated = end;
  of.known = end;
  of.held = of.executed;
  return stands;
}

/** The table as it was agreed: quorums are those of the new members. */
export function setMembers(
  of: Replica<unknown>,
  intoEpoch: number,
  members: readonly Uint8Array[],
  start: Place,
): void {
  const n = members.length;
  of.epoch = intoEpoch;
  of.members = members;
  of.faults = faultsMax(n);
  of.quorum = quorum(n);
  assert(2 * of.quorum - n > of.faults && of.quorum <= n - of.faults, "quorums intersect, and the honest are one");
  const wasMember = of.me >= 0;
  const pending = ownPending(of);
  of.me = members.findIndex((key) => bytesEqual(key, of.key));
  of.epochStart = start;
  of.seen = new Array(n).fill(undefined).map(() => []);
  of.seenCommit = new Array(n).fill(undefined);
  of.accused = 0;
  of.replies = new Array(n).fill(undefined);
  of.viewChanges = new Array(n).fill(undefined);
  of.checkpointVotes = new Array(n).fill(undefined).map(() => []);
  of.certificates = [];
  // What was decided and said before is signed in an epoch that is over.
  of.decision = undefined;
  of.ownBallot = undefined;
  // Signatures are of an epoch: what waits is signed anew, as soon as anything may be signed.
  of.unsigned = wasMember ? [...of.unsigned, ...pending] : [];
  of.pools = members.map(() => emptyPool());
  Object.assign(of.leadership, leadership(n));
  setTimedMembers(of, n);
  for (const slot of of.slots) slot.claim = undefined;
  // Whoever comes, or comes back, begins to count anew, as the table does.
  if (!wasMember && of.me >= 0) {
    const executed = executedOf(of, of.me);
    of.lastNumber = Number.isFinite(executed) ? executed : 0;
  }
}
