/** §9.2 catching up: by what is proved, and nothing else. */
import type { Certificate, CheckpointProof } from "../../../protocol/agreement/certificate.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { verifyCertificate, verifyCheckpointProof } from "./certificates.ts";
import { makeStable } from "./checkpoint.ts";
import type { Effect } from "./events.ts";
import { checkRules } from "./execute.ts";
import { historyAt, low, nextHistory, sameName, setName, slotAt, slotFor } from "./log.ts";
import { wantObject } from "./objects.ts";
import { wasAnswered } from "./replies.ts";
import { moveOn } from "./requests.ts";
import type { Replica, World } from "./state.ts";
import { decodeTable } from "./table.ts";
import { timeCaughtUp } from "./table-time.ts";
import { leaveHistory, leaveUnknown } from "./view-over.ts";
import { passEpoch } from "./views.ts";

/** A decision: the names from a place that is known here to one that is not. */
export function onCertificate<S>(of: Replica<S>, said: Certificate, effects: Effect[], world: World<S>): void {
  const end: number = said.sequence;
  if (said.phase === "prepared" || (end <= of.decided && !lacksNames(of))) return;
  // Names are needed from what was executed here on; a base further back must be one that is remembered.
  if (said.base.sequence > of.executed) return;
  const known = historyAt(of, of.executed);
  const history = said.base.sequence === of.executed ? said.base.digest : along(said, of.executed, world);
  if (known === undefined || history === undefined) return;
  const verified = verifyCertificate(of, world.ports, said);
  if (!verified.ok) {
    effects.push({ type: "malformed", why: `certificate: ${verified.why}` });
    return;
  }
  if (!bytesEqual(known, history)) {
    // Two histories, both decided: more members are faulty than this table bears, or this one's memory is.
    of.diverged = true;
    return;
  }
  effects.push({ type: "persist", record: { type: "decided", certificate: said } });
  takeDecision(of, said, verified.proven.histories);
}

/** Decided in a view that was entered behind the others: what lies between is not known by name. */
export const lacksNames = (of: Replica<unknown>): boolean =>
  of.executed < of.decided && slotAt(of, of.executed + 1)?.name === undefined;

function along<S>(said: Certificate, at: number, world: World<S>): Uint8Array | undefined {
  let history = said.base.digest;
  for (let i = 0; i < at - said.base.sequence; i++) {
    if (said.names[i] === undefined) return undefined;
    history = nextHistory(world.ports, history, said.base.sequence + i + 1, said.names[i]);
  }
  return history;
}

/** Whatever this view proposed there, this is what stands. */
export function takeDecision(of: Replica<unknown>, said: Certificate, histories: readonly Uint8Array[]): void {
  const ours = historyAt(of, said.base.sequence);
  /** From where on what was proposed here leads elsewhere. */
  let changedAt: number | undefined;
  if (ours === undefined || !bytesEqual(ours, said.base.digest)) {
    // Up to its base the decision says nothing.
    if (ours !== undefined) changedAt = Math.max(of.executed, of.decided) + 1;
    for (let at = Math.max(of.executed, of.decided) + 1; at <= said.base.sequence; at++) {
      setName(slotFor(of, at), undefined, undefined);
    }
  }
  for (let at = Math.max(of.executed, said.base.sequence) + 1; at <= said.sequence; at++) {
    const name = said.names[at - said.base.sequence - 1];
    const slot = slotFor(of, at);
    if (at <= of.known && slot.name !== undefined && !sameName(slot.name, name)) changedAt ??= at;
    setName(slot, name, histories[at - said.base.sequence]);
  }
  of.held = of.executed;
  // It told what was missing below.
  if (said.sequence <= of.decided) return;
  of.decided = said.sequence;
  of.decision = {
    certificate: said,
    place: { sequence: said.sequence, digest: histories[said.sequence - said.base.sequence] },
  };
  if (changedAt !== undefined || of.known < of.decided) {
    // What this view proposed above stood on something else.
    for (let at = said.sequence + 1; at - low(of) <= of.slots.length; at++)
      setName(slotFor(of, at), undefined, undefined);
    of.known = said.sequence;
    if (changedAt !== undefined) leaveHistory(of, changedAt);
  }
}

export function onCheckpointProof<S>(of: Replica<S>, proof: CheckpointProof, effects: Effect[], world: World<S>): void {
  const { header } = proof;
  if (header.sequence <= low(of)) return;
  if (of.snapshot !== undefined && of.snapshot.header.sequence >= header.sequence) return;
  if (proof.epoch !== of.epoch) {
    // The checkpoint by which this epoch began was proved when it was passed; its state may be had now.
    const passed = of.lineage.find((each) => each.epoch === proof.epoch && each.header.epoch === of.epoch);
    if (passed === undefined || passed.header.sequence !== header.sequence || of.executed >= header.sequence) return;
    of.snapshot = passed;
    wantObject(of, "snapshot", passed.header.state);
    return;
  }
  const own = of.checkpoints.find((each) => each.header.sequence === header.sequence);
  if (own === undefined && header.sequence <= of.executed && !of.diverged) return;
  if (!verifyCheckpointProof(of, world.ports, proof)) {
    effects.push({ type: "malformed", why: "checkpoint unproved" });
    return;
  }
  if (own !== undefined && sameName(own.header.state, header.state) && !of.diverged) {
    makeStable(of, proof, own.state, effects, world);
    return;
  }
  if (header.epoch > of.epoch) {
    // Its state may be kept nowhere any more, but it says who the members are: they know newer ones.
    passEpoch(of, proof, effects, world);
    return;
  }
  of.snapshot = proof;
  wantObject(of, "snapshot", header.state);
}

/** The bytes are those that the proof names. */
export function installSnapshot<S>(of: Replica<S>, bytes: Uint8Array, effects: Effect[], world: World<S>): void {
  const proof = of.snapshot;
  if (proof === undefined) return;
  of.snapshot = undefined;
  const { header } = proof;
  if (header.sequence <= of.executed && !of.diverged) return;
  const decoded = decodeTable(bytes);
  const machine = decoded === undefined ? undefined : world.machine.restore(decoded.machine);
  if (decoded === undefined || machine === undefined) {
    effects.push({ type: "malformed", why: "a state that this software cannot read" });
    return;
  }
  const told: Effect[] = [];
  takeState(of, proof, decoded.table, machine, told, world);
  makeStable(of, proof, bytes, effects, world);
  // What a seat is told is durable.
  effects.push(...told);
  of.diverged = false;
}

function takeState<S>(
  of: Replica<S>,
  proof: CheckpointProof,
  table: Replica<S>["state"]["table"],
  machine: S,
  effects: Effect[],
  world: World<S>,
): void {
  const { header } = proof;
  const at: number = header.sequence;
  const gone = moveOn(of, table)[of.me] ?? [];
  const mine = table.clients[table.members.findIndex((key) => bytesEqual(key, of.key))];
  for (const held of gone) {
    if (held === undefined || wasAnswered(of, held.signed.request.number)) continue;
    const { number, seat } = held.signed.request;
    const result = mine?.replies.find((reply) => reply.number === number)?.result ?? new Uint8Array(0);
    effects.push({ type: "answered", number, seat, result });
  }
  of.state = { sequence: at, history: header.history, time: Math.max(header.time, 0), machine, table };
  of.machineDue = world.machine.deadline(machine);
  leaveUnknown(of, at, header.history);
  of.executed = at;
  of.decided = Math.max(of.decided, at);
  of.held = at;
  of.checkpoints = of.checkpoints.filter((each) => each.header.sequence > at);
  of.archive = [];
  if (header.barrier === 1) of.barrier = at;
  slotFor(of, at).history = header.history;
  timeCaughtUp(of);
  checkRules(of, effects);
}
