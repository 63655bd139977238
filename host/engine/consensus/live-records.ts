/** §11.3 a journal made short: what must be remembered now, in the fewest records, whose replay gives the same promises as the
 * replay of all that were ever written. Whatever is stable, decided or voted over again is left out.
 *
 * Some records here were never written before: a decision in steps, old claims, a number that is used up. A journal is
 * trusted by its owner alone, so that nobody misses the signatures they have not. */
import type { SignedBallot } from "../../../protocol/agreement/ballot.ts";
import { type Certificate, ViewChangeBody } from "../../../protocol/agreement/certificate.ts";
import type { SignedRequest } from "../../../protocol/agreement/request.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { utf8Encode } from "../../../protocol/bytes/utf8.ts";
import { CERTIFICATE_NAMES_MAX, DIGEST_SIZE, SIGNATURE_SIZE } from "../../../protocol/core/limits.ts";
import { counter, epoch, memberIndex, sequence, view } from "../../../protocol/core/units.ts";
import { KIOSK_SEAT, type ObjectName, type Place } from "../../../protocol/message/fields.ts";
import { preparedCertificate } from "./certificates.ts";
import { isNull, low, namesBetween, placeAt, sameName, slotAt } from "./log.ts";
import type { Record } from "./records.ts";
import { executedOf } from "./requests.ts";
import type { Replica, Slot } from "./state.ts";

/** In the order in which a restart applies them. */
export function liveRecords(of: Replica<unknown>, founders: readonly Uint8Array[]): Record[] {
  return [
    { type: "founded", table: of.table, members: founders },
    ...stableRecords(of),
    ...of.slots.flatMap((slot) => batchRecords(of, slot)),
    ...decidedBefore(of),
    ...epochRecords(of),
    ...oldClaims(of),
    ...viewRecords(of),
    ...votedRecords(of),
    ...certificateRecords(of),
    ...decidedRecords(of),
    ...overRecords(of),
    ...changingRecords(of),
    ...requestRecords(of),
    ...mutedRecords(of),
  ];
}

function stableRecords({ stable, lineage }: Replica<unknown>): Record[] {
  const records: Record[] = [];
  if (stable.proof !== undefined) records.push({ type: "stable", proof: stable.proof, state: stable.state });
  if (lineage.length > 0) records.push({ type: "lineage", proofs: lineage });
  return records;
}

/** What was executed is executed again; what is open may take any of the batches that it has held. */
function batchRecords(of: Replica<unknown>, slot: Slot): Record[] {
  const { name, batch } = slot;
  const held = name !== undefined && batch !== undefined && !isNull(name) ? [{ name, batch }] : [];
  const others = slot.sequence <= of.executed ? [] : slot.kept;
  const kept = others.filter((each, at) => others.findIndex(({ name }) => sameName(name, each.name)) === at);
  const all = [...kept.filter((each) => held.every(({ name }) => !sameName(name, each.name))), ...held];
  return all.map((each) => ({ type: "batch", sequence: sequence(slot.sequence), ...each }));
}

/** Who agrees, and where that began: known by its checkpoint, whether that one's state is here or not. All claims of the epoch
 * before end with it. */
function epochRecords({ epoch, lineage }: Replica<unknown>): Record[] {
  const proof = lineage.find((each) => each.header.epoch === epoch);
  return proof === undefined ? [] : [{ type: "passed", proof }];
}

/** What was prepared in views that are over, where nothing was decided. The histories of those views are of no use any more. */
function oldClaims(of: Replica<unknown>): Record[] {
  const nowhere = new Uint8Array(DIGEST_SIZE);
  return of.slots.flatMap(({ sequence: at, claim }): Record[] => {
    if (claim === undefined || claim.view === of.view || at <= settled(of)) return [];
    const ballot: SignedBallot = {
      ...{ sender: memberIndex(Math.max(0, of.me)), signature: new Uint8Array(SIGNATURE_SIZE), view: view(claim.view) },
      ...{ proposed: undefined, prepared: undefined, committed: undefined, checkpoint: undefined },
    };
    return [{ type: "voted", ballot, base: { sequence: sequence(at - 1), digest: nowhere }, names: [claim.name] }];
  });
}

function viewRecords(of: Replica<unknown>): Record[] {
  if (of.epoch === 0 && of.view === 0) return [];
  const start = of.start.sequence >= low(of) ? of.start : placeAt(of, low(of));
  const names: ObjectName[] = [];
  for (let at = start.sequence + 1; at <= of.repeated; at++) {
    const name = slotAt(of, at)?.name;
    if (name === undefined) break;
    names.push(name);
  }
  return [{ type: "entered", epoch: epoch(of.epoch), view: view(of.view), start, newView: of.newView, names }];
}

/** The last ballot says everything, unless each vote was said alone: then one of each phase does. */
function votedRecords(of: Replica<unknown>): Record[] {
  if (of.me < 0) return [];
  const { prepareBallots, commitBallots } = of.votes;
  const said = [prepareBallots[of.me], commitBallots[of.me], of.ownBallot];
  const ballots = said.filter(
    (ballot, at): ballot is SignedBallot => ballot?.view === of.view && said.lastIndexOf(ballot) === at,
  );
  // From where nothing is decided: names below come with the decision.
  const at = Math.max(of.start.sequence, settled(of));
  return ballots.map((ballot, place) => {
    const base = at === settled(of) ? settledPlace(of) : of.start;
    const names: ObjectName[] = [];
    // Own words, whatever this slot holds since.
    for (
      let slot = slotAt(of, at + 1);
      place === 0 && slot?.claim?.view === of.view;
      slot = slotAt(of, slot.sequence + 1)
    ) {
      names.push(slot.claim.name);
    }
    return { type: "voted", ballot, base, names };
  });
}

/** What was committed and is not decided, and what earlier views have prepared. */
function certificateRecords(of: Replica<unknown>): Record[] {
  const certificates = of.certificates.filter((each) => each.sequence > settled(of));
  const { committed } = of.own;
  if (of.phase === "normal" && !of.viewOver && committed > Math.max(settled(of), of.start.sequence)) {
    const newest = preparedCertificate(of, committed);
    if (newest !== undefined) certificates.push(newest);
  }
  return certificates.map((certificate) => ({ type: "certificate", certificate }));
}

/** In steps of as many names as a certificate holds, and at last the one that proves all of it. */
function decidedRecords(of: Replica<unknown>): Record[] {
  const proved = provedDecision(of);
  if (proved === undefined) return [];
  // A restart goes on from what it has executed.
  const end = Math.max(low(of), Math.min(proved.base.sequence, of.executed));
  const isNamed = of.slots.every(
    ({ sequence: at, name }) => at <= end || at > proved.base.sequence || name !== undefined,
  );
  const last = end < proved.base.sequence && isNamed ? extended(of, proved, end) : proved;
  return [...decidedSteps(of, end), { type: "decided", certificate: last }];
}

/** Decided in an epoch that is over: its proof ended with it, and what was executed is executed again. */
function decidedBefore(of: Replica<unknown>): Record[] {
  if (provedDecision(of) !== undefined) return [];
  let end = of.executed;
  while (end < of.decided && slotAt(of, end + 1)?.name !== undefined) end += 1;
  return decidedSteps(of, end);
}

function provedDecision(of: Replica<unknown>): Certificate | undefined {
  const { decision } = of;
  return decision !== undefined && decision.place.sequence > low(of) ? decision.certificate : undefined;
}

function decidedSteps(of: Replica<unknown>, end: number): Record[] {
  const records: Record[] = [];
  for (let base = low(of); base < end; base += CERTIFICATE_NAMES_MAX) {
    const to = Math.min(end, base + CERTIFICATE_NAMES_MAX);
    const certificate: Certificate = {
      ...{ phase: "committed", view: view(of.view), sequence: sequence(to) },
      ...{ base: placeAt(of, base), names: namesBetween(of, base, to), ballots: [] },
    };
    records.push({ type: "decided", certificate });
  }
  return records;
}

const extended = (of: Replica<unknown>, proved: Certificate, base: number): Certificate => ({
  ...proved,
  base: placeAt(of, base),
  names: [...namesBetween(of, base, proved.base.sequence), ...proved.names],
});

const overRecords = (of: Replica<unknown>): Record[] =>
  of.viewOver ? [{ type: "viewOver", view: view(of.view) }] : [];

function changingRecords(of: Replica<unknown>): Record[] {
  const own = of.phase === "changing" ? of.viewChanges[of.me] : undefined;
  if (own?.body === undefined) return [];
  return [{ type: "changing", change: own.change, body: encode(ViewChangeBody, own.body) }];
}

function requestRecords(of: Replica<unknown>): Record[] {
  if (of.me < 0) return [];
  const held = of.pools[of.me].waiting.flatMap((each) => (each === undefined ? [] : [each.signed]));
  held.push(...of.unsigned);
  // Of requests that were all executed only the last number is left.
  if (held.length === 0 && of.lastNumber > 0 && of.lastNumber <= executedOf(of, of.me)) held.push(usedUp(of));
  return held.map((signed) => ({ type: "request", signed }));
}

const usedUp = (of: Replica<unknown>): SignedRequest => ({
  ...{ sender: memberIndex(of.me), signature: new Uint8Array(SIGNATURE_SIZE) },
  request: { seat: KIOSK_SEAT, number: counter(of.lastNumber), operation: new Uint8Array(0) },
});

function mutedRecords({ mutedUntil }: Replica<unknown>): Record[] {
  if (mutedUntil === undefined) return [];
  return [{ type: "muted", why: utf8Encode("as at an earlier start"), until: sequence(mutedUntil) }];
}

/** Up to here it is decided what stands, and claims and certificates mean nothing. */
const settled = (of: Replica<unknown>): number => Math.max(low(of), of.decision?.place.sequence ?? 0);

const settledPlace = (of: Replica<unknown>): Place => {
  const place = of.decision?.place;
  return place !== undefined && place.sequence > low(of) ? place : placeAt(of, low(of));
};
