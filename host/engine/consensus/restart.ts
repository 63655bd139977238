/** §11 a restart: the journal's records in their order give back everything that was promised; the others are asked whether that
 * is all of it. */
import { SignedBallot } from "../../../protocol/agreement/ballot.ts";
import { SignedViewChange, ViewChangeBody } from "../../../protocol/agreement/certificate.ts";
import type { SignedRequest } from "../../../protocol/agreement/request.ts";
import { decode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { MemberIndex } from "../../../protocol/core/units.ts";
import type { SyncStep } from "../../../protocol/message/sync.ts";
import { executeDecided } from "./advance.ts";
import { lacksNames, takeDecision } from "./catch-up.ts";
import { withCertificate } from "./certificates.ts";
import { mute } from "./diverged.ts";
import type { Effect } from "./events.ts";
import { checkRules } from "./execute.ts";
import { type Founding, found } from "./found.ts";
import { WATERMARK_INTERVALS_COUNT } from "./limits.ts";
import { historyAfter, low, sameName, setName, slotFor } from "./log.ts";
import { setObjectMembers } from "./objects.ts";
import { ranked } from "./quorums.ts";
import type { Record } from "./records.ts";
import { executedOf, put } from "./requests.ts";
import { restoreStable } from "./restore.ts";
import type { Replica, World } from "./state.ts";
import { verifyBallot, verifyRequest, verifyViewChange, whole } from "./statements.ts";
import { forgetTimes } from "./timing.ts";
import { endView } from "./view-over.ts";
import { passInto, setMembers, takeView } from "./views.ts";

export function recover<S>(
  founding: Founding,
  records: Iterable<Record>,
  damage: string | undefined,
  world: World<S>,
): Replica<S> {
  const of = found(founding, world);
  for (const record of records) apply(of, record, world);
  checkOwnRequests(of, world);
  of.unsaid = false;
  checkRules(of, []);
  holdAtBarrier(of);
  forgetTimes(of);
  if (of.probing !== undefined) of.probing.forgot = damage;
  return of;
}

/** A vote for a barrier holds everything above it up, also across a restart. */
function holdAtBarrier(of: Replica<unknown>): void {
  const reached = Math.max(of.own.proposed, of.own.prepared);
  for (let at = Math.max(of.executed, low(of)) + 1; at <= reached; at++) {
    if (slotFor(of, at).batch?.barrier !== undefined) of.barrier = at;
  }
}

function apply<S>(of: Replica<S>, record: Record, world: World<S>): void {
  switch (record.type) {
    case "founded":
      return;
    case "batch": {
      if (record.sequence <= low(of)) return;
      const slot = slotFor(of, record.sequence);
      slot.kept.push({ name: record.name, batch: record.batch });
      if (slot.name !== undefined && slot.batch === undefined && sameName(slot.name, record.name))
        slot.batch = record.batch;
      executeDecided(of, [], world);
      return;
    }
    case "voted":
      voted(of, record, world);
      return;
    case "certificate": {
      if (record.certificate.sequence > low(of)) of.certificates = withCertificate(of.certificates, record.certificate);
      return;
    }
    case "changing": {
      const body = decode(ViewChangeBody, record.body);
      of.phase = "changing";
      of.wanted = record.change.view;
      of.viewChanges[of.me] = { change: record.change, body: body.ok ? body.value : undefined };
      return;
    }
    case "passed":
      passInto(of, record.proof, [], world);
      return;
    case "entered":
      if (record.epoch > of.epoch) {
        setMembers(of, record.epoch, of.state.table.members, record.start);
        setObjectMembers(of, [], world);
      }
      takeView(of, record.view, record.start, record.newView, record.names, world.ports);
      return;
    case "decided":
      decided(of, record.certificate, world);
      return;
    case "stable":
      restoreStable(of, record.proof, record.state, world);
      executeDecided(of, [], world);
      return;
    case "request":
      of.lastNumber = Math.max(of.lastNumber, record.signed.request.number);
      keepRequest(of, record.signed);
      return;
    case "muted":
      of.mutedUntil = record.until;
      return;
    case "unmuted":
      of.mutedUntil = undefined;
      return;
    case "viewOver":
      if (record.view === of.view) endView(of);
      return;
    case "lineage":
      of.lineage = [...record.proofs];
      return;
  }
}

/** One of an epoch that is over waits to be signed again; a later record may be that. */
function keepRequest(of: Replica<unknown>, signed: SignedRequest): void {
  const { number } = signed.request;
  of.unsigned = of.unsigned.filter((each) => each.request.number !== number);
  if (of.me < 0 || number <= executedOf(of, of.me)) return;
  if (signed.sender === of.me) put(of, signed);
  else of.unsigned.push(signed);
}

/** Last: of a hundred thousand that were asked for nearly all were executed, and to verify them takes seconds. */
function checkOwnRequests<S>(of: Replica<S>, world: World<S>): void {
  if (of.me < 0) return;
  const [own, unsigned] = [of.pools[of.me].waiting.splice(0), of.unsigned];
  of.unsigned = [];
  const numbers = unsigned.map(({ request }) => request.number);
  for (const held of own) {
    if (held === undefined || numbers.includes(held.signed.request.number)) continue;
    if (verifyRequest(of, world.ports, held.signed)) put(of, held.signed);
    else of.unsigned.push(held.signed);
  }
  of.unsigned.push(...unsigned);
  of.unsigned.sort((left, right) => left.request.number - right.request.number);
}

/** Own words bind: the names they reach are those of this view, whoever proposes anything else there. */
function voted<S>(of: Replica<S>, record: Extract<Record, { type: "voted" }>, world: World<S>): void {
  const { ballot, base, names } = record;
  of.ownBallot = ballot;
  let history = base.digest;
  for (let i = 0; i < names.length; i++) {
    const at = base.sequence + i + 1;
    history = historyAfter(of, world.ports, history, at, names[i]);
    if (at <= low(of)) continue;
    const slot = slotFor(of, at);
    slot.claim = { view: ballot.view, name: names[i] };
    if (at <= of.executed) continue;
    setName(slot, names[i], history);
    if (at > of.known) of.known = at;
  }
  const reached = (ballot.proposed ?? ballot.prepared)?.sequence ?? 0;
  of.claimed = Math.max(of.claimed, reached);
  const own = {
    proposed: Math.max(of.own.proposed, ballot.proposed?.sequence ?? 0),
    prepared: Math.max(of.own.prepared, ballot.prepared?.sequence ?? 0),
    committed: Math.max(of.own.committed, ballot.committed?.sequence ?? 0),
    checkpoint: of.own.checkpoint,
  };
  of.own = own;
  of.said = { ...own };
  const { votes, me } = of;
  if (reached > votes.prepared[me]) {
    votes.prepared[me] = reached;
    votes.prepareBallots[me] = ballot;
  }
  if (own.committed > votes.committed[me]) {
    votes.committed[me] = own.committed;
    votes.commitBallots[me] = ballot;
  }
}

function decided<S>(
  of: Replica<S>,
  certificate: Extract<Record, { type: "decided" }>["certificate"],
  world: World<S>,
): void {
  if (certificate.sequence <= of.decided && !lacksNames(of)) return;
  const histories = [certificate.base.digest];
  for (let i = 0; i < certificate.names.length; i++) {
    const at = certificate.base.sequence + i + 1;
    histories.push(historyAfter(of, world.ports, histories[i], at, certificate.names[i]));
  }
  takeDecision(of, certificate, histories);
  executeDecided(of, [], world);
}

// --- what others remember ---

type Recalled = Extract<SyncStep, { type: "recalled" }>;

export function onRecalled<S>(
  of: Replica<S>,
  from: MemberIndex,
  said: Recalled,
  effects: Effect[],
  world: World<S>,
): void {
  if (of.me < 0) return;
  of.told[from] = said.stable;
  const forgot = forgotten(of, said, world);
  const answers = of.told.filter((each) => each !== undefined).length;
  const { probing } = of;
  if (probing === undefined) {
    if (forgot && of.mutedUntil === undefined) mute(of, WHY_BEHIND, safeAgain(of), effects);
    return;
  }
  if (forgot) probing.forgot ??= WHY_BEHIND;
  if (answers < of.quorum - 1) return;
  of.probing = undefined;
  of.unsaid = true;
  if (probing.forgot !== undefined) mute(of, probing.forgot, safeAgain(of), effects);
}

const WHY_BEHIND = "others heard more from here than is remembered";

/** Two spans between the watermarks above what someone honest has: whatever was signed and forgotten lies below. */
function safeAgain(of: Replica<unknown>): number {
  const told = of.told.map((each) => each ?? 0);
  const honest = Math.max(ranked(told, of.faults + 1), low(of));
  return honest + 2 * WATERMARK_INTERVALS_COUNT * of.options.checkpointEvery;
}

/** Something with the own signature that the journal does not know of. */
function forgotten<S>(of: Replica<S>, said: Recalled, world: World<S>): boolean {
  if (said.change !== undefined) {
    const change = decode(SignedViewChange, said.change);
    const wanted = of.phase === "changing" ? of.wanted : of.view;
    if (change.ok && change.value.sender === of.me && change.value.view > wanted) {
      if (verifyViewChange(of, world.ports, change.value)) return true;
    }
  }
  const decoded = said.ballot === undefined ? undefined : decode(SignedBallot, said.ballot);
  if (decoded?.ok !== true || decoded.value.sender !== of.me) return false;
  const ballot = decoded.value;
  const full = whole(ballot, () => undefined);
  if (full === undefined || ballot.view < of.view || !beyond(of, full)) return false;
  return verifyBallot(of, world.ports, of.me, full, ballot.signature);
}

/** What was decided since may be something else than what was voted for: own words are held against own words alone. */
function beyond(of: Replica<unknown>, ballot: NonNullable<ReturnType<typeof whole>>): boolean {
  if (ballot.view > of.view) return true;
  const { said, ownBallot } = of;
  for (const phase of ["proposed", "prepared", "committed"] as const) {
    const place = ballot[phase];
    if (place === undefined) continue;
    if (place.sequence > said[phase]) return true;
    const own = ownBallot?.view === ballot.view ? ownBallot[phase] : undefined;
    if (own?.history === undefined || own.sequence !== place.sequence) continue;
    if (!bytesEqual(own.history, place.digest)) return true;
  }
  return false;
}
