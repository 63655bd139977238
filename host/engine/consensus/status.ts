/** §9.1 help: whoever waits says where it stands, and those who are further say again what it lacks, as often as it asks and
 * no more. Nothing here decides anything. */
import { SignedBallot } from "../../../protocol/agreement/ballot.ts";
import { SignedViewChange, ViewChangeBody } from "../../../protocol/agreement/certificate.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { CERTIFICATE_NAMES_MAX } from "../../../protocol/core/limits.ts";
import { epoch, type MemberIndex, millis, sequence, view } from "../../../protocol/core/units.ts";
import type { SyncStep } from "../../../protocol/message/sync.ts";
import type { Effect } from "./events.ts";
import { ANSWER_EVERY_MS } from "./limits.ts";
import { low, oldestKept, placeAt, slotAt } from "./log.ts";
import { wantObject } from "./objects.ts";
import { isPrimary, primaryOf } from "./quorums.ts";
import type { Replica, World } from "./state.ts";
import { hintOf, whole } from "./statements.ts";
import { clockHeard, clockSaid } from "./table-time.ts";
import { askedStatus, repeatMs } from "./timing.ts";
import { saidOf } from "./view-change.ts";

export type Status = Extract<SyncStep, { type: "status" }>;

export function askStatus(of: Replica<unknown>, effects: Effect[]): void {
  const attempt = Math.min(of.timing.attempt, 0xff);
  askedStatus(of);
  if (of.members.length === 1) return;
  const step: Status = {
    type: "status",
    epoch: epoch(of.epoch),
    view: view(of.view),
    changing: of.phase === "changing" ? view(of.wanted) : undefined,
    stable: sequence(low(of)),
    executed: placeAt(of, of.executed),
    known: sequence(of.known),
    prepared: sequence(standing(of, of.votes.prepared)),
    committed: sequence(standing(of, of.votes.committed)),
    attempt,
    time: millis(clockSaid(of)),
    recall: of.probing !== undefined,
  };
  effects.push({ type: "send", to: "all", message: { type: "stateSync", step } });
  if (of.phase === "changing") sayWish(of, "all", effects);
  // Who did not have it when it was asked may have it now.
  if (of.snapshot !== undefined) wantObject(of, "snapshot", of.snapshot.header.state);
}

/** Up to where every vote has arrived here: who sees less than it said itself says it again. */
function standing(of: Replica<unknown>, positions: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let member = 0; member < positions.length; member++) {
    if (member !== of.me) least = Math.min(least, positions[member]);
  }
  return Math.min(least, of.known);
}

export function onStatus<S>(
  of: Replica<S>,
  from: MemberIndex,
  status: Status,
  effects: Effect[],
  world: World<S>,
): void {
  clockHeard(of, from, status.time);
  if (status.epoch === of.epoch && (status.view > of.view || status.executed.sequence > of.executed)) {
    of.timing.statusAt = millis(Math.min(of.timing.statusAt, of.now + repeatMs(of)));
  }
  if (of.now < of.timing.answeredAt[from] + ANSWER_EVERY_MS) return;
  of.timing.answeredAt[from] = of.now;
  if (status.recall) recall(of, from, effects);
  if (status.epoch !== of.epoch) {
    if (status.epoch < of.epoch && isHelper(of, from, status.attempt)) sayLineage(of, from, status.epoch, effects);
    return;
  }
  helpExecute(of, from, status, effects);
  if (status.view < of.view) helpView(of, from, status, effects);
  else if (status.view === of.view) helpVotes(of, from, status, effects, world);
  if (status.changing !== undefined && of.phase === "changing") sayWish(of, from, effects);
}

/** f + 1 answer, others each time: one of them is honest, and the rest need not say it too. */
export function isHelper(of: Replica<unknown>, asker: number, attempt: number): boolean {
  const n = of.members.length;
  const distance = (((of.me - asker - 1 - attempt) % n) + n) % n;
  return distance <= of.faults || of.me < 0;
}

/** §9.2 what was decided: by names where the batches are kept, or by the state. */
export function helpExecute(of: Replica<unknown>, to: MemberIndex, status: Status, effects: Effect[]): void {
  const theirs = status.executed.sequence;
  if (
    status.stable < low(of) &&
    theirs >= low(of) &&
    of.stable.proof !== undefined &&
    isHelper(of, to, status.attempt)
  ) {
    // It is there and cannot prove it.
    effects.push({ type: "say", to, said: { type: "checkpoint", proof: of.stable.proof } });
  }
  if (theirs >= of.executed || !isHelper(of, to, status.attempt)) return;
  const { decision } = of;
  if (decision !== undefined && theirs >= oldestKept(of) && decision.place.sequence > theirs) {
    const certificate = extended(of, theirs);
    if (certificate !== undefined) {
      effects.push({ type: "say", to, said: { type: "certificate", certificate } });
      return;
    }
  }
  if (of.stable.proof !== undefined && low(of) > theirs) {
    effects.push({ type: "say", to, said: { type: "checkpoint", proof: of.stable.proof } });
  }
}

/** The last decision, with names from as far back as the other needs them. */
function extended(of: Replica<unknown>, base: number) {
  const certificate = of.decision?.certificate;
  if (certificate === undefined) return undefined;
  if (base >= certificate.base.sequence) return certificate;
  if (certificate.base.sequence - base + certificate.names.length > CERTIFICATE_NAMES_MAX) return undefined;
  const names = [];
  for (let at = base + 1; at <= certificate.base.sequence; at++) {
    const slot = at > low(of) ? slotAt(of, at) : of.archive[at - low(of) - 1 + of.archive.length];
    if (slot?.name === undefined) return undefined;
    names.push(slot.name);
  }
  return { ...certificate, base: placeAt(of, base), names: [...names, ...certificate.names] };
}

/** §9.3 a view that it has not entered. One entered at a barrier is proved by its checkpoint. */
export function helpView(of: Replica<unknown>, to: MemberIndex, status: Status, effects: Effect[]): void {
  if (!isHelper(of, to, status.attempt)) return;
  if (of.newView !== undefined) effects.push({ type: "say", to, said: { type: "newView", ...of.newView } });
  else if (of.stable.proof !== undefined && status.stable < low(of)) {
    effects.push({ type: "say", to, said: { type: "checkpoint", proof: of.stable.proof } });
  }
}

/** §9.4 own votes again, whole, and what the primary proposed, in its own words. */
function helpVotes<S>(of: Replica<S>, to: MemberIndex, status: Status, effects: Effect[], _world: World<S>): void {
  if (of.me < 0) return;
  const primary = primaryOf(of, of.view);
  if (status.known < of.known && (isPrimary(of) || (status.attempt > 1 && isHelper(of, to, status.attempt)))) {
    sayBallot(of, to, of.votes.prepareBallots[primary], status.known, effects);
  }
  const { own } = of;
  const mine = of.ownBallot;
  if (mine === undefined || mine.view !== of.view) return;
  // For what is executed nobody needs votes any more.
  const done = status.executed.sequence;
  const behind =
    Math.max(own.proposed, own.prepared) > Math.max(status.prepared, done) ||
    own.committed > Math.max(status.committed, done) ||
    (mine.checkpoint !== undefined && mine.checkpoint.sequence > status.stable);
  if (!behind || (isPrimary(of) && status.known < of.known)) return;
  // Where each vote was said alone, the last says nothing of the others.
  for (const earlier of [of.votes.prepareBallots[of.me], of.votes.commitBallots[of.me]]) {
    if (earlier?.view === of.view && !saysAll(mine, earlier)) sayBallot(of, to, earlier, undefined, effects);
  }
  sayBallot(of, to, mine, undefined, effects);
  // Whoever asks again may have been told another history: the primary's own words say which one was told here.
  if (status.attempt > 0 && !isPrimary(of)) sayBallot(of, to, of.votes.prepareBallots[primary], undefined, effects);
}

const saysAll = (later: SignedBallot, earlier: SignedBallot): boolean =>
  reachOf(later) >= reachOf(earlier) && (later.committed?.sequence ?? 0) >= (earlier.committed?.sequence ?? 0);

const reachOf = ({ proposed, prepared }: SignedBallot): number => (proposed ?? prepared)?.sequence ?? 0;

/** With every history, and from `known` on with the names of what is proposed. */
function sayBallot(
  of: Replica<unknown>,
  to: MemberIndex,
  ballot: SignedBallot | undefined,
  known: number | undefined,
  effects: Effect[],
): void {
  if (ballot === undefined) return;
  const full = whole(ballot, () => undefined);
  if (full === undefined) return;
  let proposals:
    | { first: ReturnType<typeof sequence>; slots: { type: "name"; name: NonNullable<ReturnType<typeof nameAt>> }[] }
    | undefined;
  const end = ballot.proposed?.sequence;
  if (known !== undefined && end !== undefined) {
    const first = Math.max(known, low(of), end - 2 * of.options.window) + 1;
    const slots: { type: "name"; name: NonNullable<ReturnType<typeof nameAt>> }[] = [];
    for (let at = first; at <= end; at++) {
      const name = nameAt(of, at);
      if (name === undefined) return;
      slots.push({ type: "name", name });
    }
    if (slots.length > 0) proposals = { first: sequence(first), slots };
  }
  effects.push({
    type: "say",
    to,
    said: {
      type: "ballot",
      ballot,
      hint: hintOf({ ...full, proposed: undefined, prepared: undefined, committed: undefined }),
      proposals,
    },
  });
}

const nameAt = (of: Replica<unknown>, at: number) => slotAt(of, at)?.name;

function sayWish(of: Replica<unknown>, to: MemberIndex | "all", effects: Effect[]): void {
  const own = of.viewChanges[of.me];
  if (own?.body === undefined) return;
  effects.push({
    type: "say",
    to,
    said: { type: "viewChange", ...saidOf(own.change, encode(ViewChangeBody, own.body)) },
  });
}

export function sayLineage(of: Replica<unknown>, to: MemberIndex, since: number, effects: Effect[]): void {
  for (const proof of of.lineage) {
    if (proof.epoch === since) effects.push({ type: "say", to, said: { type: "checkpoint", proof } });
  }
}

/** §9.5 what it signed itself, as far as it was heard here. */
function recall(of: Replica<unknown>, to: MemberIndex, effects: Effect[]): void {
  const seen = of.seen[to] ?? [];
  let last: SignedBallot | undefined;
  for (const each of seen) if (last === undefined || further(each, last)) last = each;
  const wish = of.viewChanges[to]?.change;
  const step = {
    type: "recalled",
    stable: sequence(low(of)),
    ballot: last === undefined ? undefined : encode(SignedBallot, last),
    change: wish === undefined ? undefined : encode(SignedViewChange, wish),
  } as const;
  effects.push({ type: "send", to, message: { type: "stateSync", step } });
}

function further(left: SignedBallot, right: SignedBallot): boolean {
  if (left.view !== right.view) return left.view > right.view;
  const reached = (of: SignedBallot): number => (of.proposed ?? of.prepared)?.sequence ?? 0;
  return reached(left) + (left.committed?.sequence ?? 0) > reached(right) + (right.committed?.sequence ?? 0);
}
