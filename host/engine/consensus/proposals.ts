/** §3 pre-prepare: the primary gives requests their order, and backups see whether it may. */
import type { Ballot, BallotSaid, SignedBallot } from "../../../protocol/agreement/ballot.ts";
import {
  type Barrier,
  Batch,
  type Outline,
  type Proposal,
  type Proposals,
  type SignedRequest,
} from "../../../protocol/agreement/request.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { SLOTS_MAX } from "../../../protocol/core/limits.ts";
import { agreedMillis } from "../../../protocol/core/units.ts";
import type { ObjectName } from "../../../protocol/message/fields.ts";
import { objectName } from "../objects/tree.ts";
import type { Effect } from "./events.ts";
import { high, historyAt, isNull, nextHistory, setName, slotFor } from "./log.ts";
import { executedOf, requestsOf, runsOf, sameRequest } from "./requests.ts";
import type { Replica, World } from "./state.ts";
import { verifyBallot, verifyRequest, whole } from "./statements.ts";
import { changeDigest } from "./table.ts";
import { rotateEarliestMs, timeAcceptable } from "./table-time.ts";
import { wantStatus } from "./timing.ts";

export function batchName<S>(world: World<S>, batch: Batch): ObjectName {
  return objectName(world.ports, encode(Batch, batch, world.ports.room));
}

/** All slots of one ballot or none. `known`: the names are in the log, and the rest of the ballot may be read. */
export function acceptProposals<S>(
  of: Replica<S>,
  said: BallotSaid,
  effects: Effect[],
  world: World<S>,
): "known" | "waits" | "refused" {
  const { ballot, proposals } = said;
  const end = ballot.proposed?.sequence ?? 0;
  if (proposals === undefined || proposals.first + proposals.slots.length - 1 !== end) {
    effects.push({ type: "malformed", why: "proposals that end elsewhere" });
    return "refused";
  }
  if (end <= of.known) return "known";
  if (proposals.first > of.known + 1) return "waits";
  // Beyond the watermark and twice the window nothing honest is proposed to a member that is not far behind.
  if (end > high(of) || end > Math.max(of.executed, of.start.sequence) + 2 * SLOTS_MAX) return "waits";

  const fresh = proposedAfter(of, proposals, end, world);
  const full = fresh === undefined ? undefined : wholeAfter(of, ballot, fresh);
  if (fresh === undefined || full?.proposed === undefined) return "waits";
  if (
    !bytesEqual(full.proposed.digest, fresh[fresh.length - 1].history) ||
    !verifyBallot(of, world.ports, ballot.sender, full, ballot.signature)
  ) {
    // Another history than what its outline says here, or a forgery. Who asks for names learns which.
    wantStatus(of);
    return "refused";
  }
  const first = of.known + 1;
  for (let i = 0; i < fresh.length; i++) {
    const slot = slotFor(of, first + i);
    const { name, batch } = fresh[i];
    setName(slot, name, fresh[i].history);
    slot.again = false;
    if (batch !== undefined) keepBatch(slot, batch, effects);
  }
  of.known = end;
  return "known";
}

interface Fresh {
  readonly name: ObjectName;
  readonly history: Uint8Array;
  readonly batch: Batch | undefined;
}

/** From the first that is not known by name; undefined where one of them cannot be computed here. */
function proposedAfter<S>(
  of: Replica<S>,
  { first, slots }: Proposals,
  end: number,
  world: World<S>,
): readonly Fresh[] | undefined {
  const fresh: Fresh[] = [];
  let history = historyAt(of, of.known);
  for (let at = of.known + 1; at <= end; at++) {
    const built = history === undefined ? undefined : build(of, slots[at - first], world);
    if (built === undefined || history === undefined) return undefined;
    history = nextHistory(world.ports, history, at, built.name);
    fresh.push({ ...built, history });
  }
  return fresh;
}

const wholeAfter = (of: Replica<unknown>, ballot: SignedBallot, fresh: readonly Fresh[]): Ballot | undefined =>
  whole(ballot, (at) => (at > of.known ? fresh[at - of.known - 1]?.history : historyAt(of, at)));

/** A ballot of the present view with the histories that it leaves out, as they follow from what is proposed with it. */
export function wholeAsProposed<S>(
  of: Replica<S>,
  { ballot, proposals }: BallotSaid,
  world: World<S>,
): Ballot | undefined {
  const end = ballot.proposed?.sequence ?? 0;
  if (proposals === undefined || proposals.first > of.known + 1 || end <= of.known) return wholeAfter(of, ballot, []);
  if (proposals.first + proposals.slots.length - 1 !== end) return undefined;
  const fresh = proposedAfter(of, proposals, end, world);
  return fresh === undefined ? undefined : wholeAfter(of, ballot, fresh);
}

export function keepBatch(
  slot: { readonly sequence: number; name: ObjectName | undefined; batch: Batch | undefined },
  batch: Batch,
  effects: Effect[],
): void {
  if (slot.batch !== undefined || slot.name === undefined) return;
  slot.batch = batch;
  effects.push({
    type: "persist",
    record: { type: "batch", sequence: slot.sequence as never, name: slot.name, batch },
  });
}

function build<S>(
  of: Replica<S>,
  proposal: Proposal,
  world: World<S>,
): { readonly name: ObjectName; readonly batch: Batch | undefined } | undefined {
  if (proposal.type === "name") return { name: proposal.name, batch: undefined };
  const requests = requestsOf(of, proposal.runs);
  if (requests === undefined) return undefined;
  const batch = { time: proposal.time, barrier: proposal.barrier, requests };
  return { name: batchName(world, batch), batch };
}

export const outlineOf = (batch: Batch): Outline => ({
  time: batch.time,
  barrier: batch.barrier,
  runs: runsOf(batch.requests),
});

/** Whether a backup may prepare this batch at all, with everything below it known. */
export function acceptable<S>(of: Replica<S>, at: number, batch: Batch, world: World<S>): boolean {
  const slot = slotFor(of, at);
  // What is proposed again was accepted before by someone honest; clocks have gone on since.
  if (slot.again || slot.name === undefined || isNull(slot.name)) return true;
  if (!timeAcceptable(of, batch.time, lastTime(of, at))) return false;
  if (batch.barrier !== undefined && !barrierAcceptable(of, batch.barrier, batch.time, world)) return false;
  return batch.requests.every((signed) => requestAcceptable(of, signed, world));
}

/** Of the batch before it: times rise without exception. */
export function lastTime(of: Replica<unknown>, at: number): number {
  for (let before = at - 1; before > of.executed; before--) {
    const slot = slotFor(of, before);
    if (slot.batch !== undefined && slot.name !== undefined && !isNull(slot.name)) return slot.batch.time;
  }
  return of.state.time;
}

/** Everything below a barrier is executed before it is voted on, so that what is due is certain. */
function barrierAcceptable<S>(of: Replica<S>, barrier: Barrier, time: number, world: World<S>): boolean {
  const table = of.state.table;
  if (barrier.view <= of.view || barrier.view > of.view + of.members.length) return false;
  if (barrier.type === "rotate") return time - table.rotated >= rotateEarliestMs(of);
  const isDue = table.due.some((change) => bytesEqual(changeDigest(world.ports, change), barrier.change));
  return isDue && mayEnact(of, time, world);
}

/** §8 a change waits for what the machine has under way with the members of now. */
export const mayEnact = <S>(of: Replica<S>, time: number, { machine }: World<S>): boolean =>
  machine.house?.mayChange(of.state.machine, agreedMillis(Math.max(of.state.time, time))) ?? true;

function requestAcceptable<S>(of: Replica<S>, signed: SignedRequest, world: World<S>): boolean {
  if (signed.sender >= of.members.length) return false;
  const place = signed.request.number - executedOf(of, signed.sender) - 1;
  const held = of.pools[signed.sender].waiting[place];
  if (held !== undefined && sameRequest(held.signed, signed)) return true;
  return verifyRequest(of, world.ports, signed);
}
