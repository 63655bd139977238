/**
 * What of a member's state is not part of the model, and is as it was at the start after every step. None of it decides
 * what is voted, decided or executed: clocks and patience, because time-outs are moves here; questions and answers
 * about what was lost, because nothing is lost here; what is kept for others who ask, and what is remembered as evidence,
 * which is judged over everything that was ever said instead.
 */

import { assert } from "../../protocol/core/assert.ts";
import { millis } from "../../protocol/core/units.ts";
import { freeze, thaw } from "./copy.ts";
import type { Member } from "./setting.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Of the state as it was founded. */
export interface Blank {
  readonly objects: Member["objects"];
  readonly adaptive: Member["timing"]["adaptive"];
  readonly patience: Member["timing"]["patience"];
}

export const blankOf = (replica: Member): Blank => {
  const { objects, timing } = replica;
  return freeze(thaw({ objects, adaptive: timing.adaptive, patience: timing.patience }));
};

export function leaveOut(replica: Member, blank: Blank): void {
  const of = replica as Mutable<Member>;
  const timing = of.timing as Mutable<Member["timing"]>;
  timing.adaptive = blank.adaptive;
  timing.patience = blank.patience;
  timing.statusAt = NEVER;
  timing.attempt = 0;
  timing.openAt = undefined;
  timing.newViewAt = undefined;
  timing.checkpointAt = undefined;
  of.objects = blank.objects;
  of.newView = undefined;
  of.newViewBodies = [];
  of.seen = of.seen.map(() => []);
  of.seenCommit = of.seenCommit.map(() => undefined);
  of.accused = 0;
  // A state that reached any of these would be missed by what tells states apart.
  assert(of.stable.header.sequence === 0 && of.checkpoints.length === 0, "nothing becomes stable");
  assert(
    of.wanting.length + of.arrived.length === 0 && of.snapshot === undefined,
    "nothing is fetched but batches and wishes",
  );
  assert(of.barrier === undefined && of.epoch === 0, "there are no barriers");
  share(of);
}

/** Before a step, what it may write to. */
export function bringBack(replica: Member, blank: Blank): void {
  const of = replica as Mutable<Member>;
  const timing = of.timing as Mutable<Member["timing"]>;
  of.objects = thaw(blank.objects);
  timing.adaptive = thaw(blank.adaptive);
  timing.patience = thaw(blank.patience);
}

/** What the engine replaces and never changes in place. Should it ever, it throws. */
function share(of: Member): void {
  for (const part of [of.stable, of.start, of.epochStart, of.ownBallot, of.decision, of.pendingNewView]) freeze(part);
  for (const part of [of.options, of.members, of.said, of.lineage, of.told, of.archive, of.leadership]) freeze(part);
  for (const part of [of.checkpoints, of.checkpointVotes, of.replies, of.answered]) freeze(part);
  for (const part of [of.timing.clock.claims, of.timing.answeredAt]) freeze(part);
  for (const each of of.certificates) freeze(each);
  for (const each of of.votes.prepareBallots) freeze(each);
  for (const each of of.votes.commitBallots) freeze(each);
  for (const held of of.viewChanges) {
    if (held === undefined) continue;
    freeze(held.change);
    freeze(held.body);
  }
  for (const slot of of.slots) {
    for (const part of [slot.name, slot.batch, slot.claim]) freeze(part);
    for (const each of slot.kept) freeze(each);
  }
  for (const pool of of.pools) for (const each of pool.waiting) freeze(each);
}

const NEVER = millis(Number.POSITIVE_INFINITY);
