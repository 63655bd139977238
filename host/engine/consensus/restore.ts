/** §11.2 a stable checkpoint out of the journal. */
import type { CheckpointProof } from "../../../protocol/agreement/certificate.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { ARCHIVE_LENGTH_MAX, LINEAGE_LENGTH_MAX } from "./limits.ts";
import { low, slotFor } from "./log.ts";
import { moveOn } from "./requests.ts";
import type { Replica, World } from "./state.ts";
import { decodeTable } from "./table.ts";
import { leaveUnknown } from "./view-over.ts";

export function restoreStable<S>(of: Replica<S>, proof: CheckpointProof, bytes: Uint8Array, world: World<S>): void {
  const { header } = proof;
  const at: number = header.sequence;
  if (at <= low(of)) return;
  if (at > of.executed) {
    const decoded = decodeTable(bytes);
    const machine = decoded === undefined ? undefined : world.machine.restore(decoded.machine);
    assert(decoded !== undefined && machine !== undefined, "a state that was written can be read");
    moveOn(of, decoded.table);
    of.state = { sequence: at, history: header.history, time: header.time, machine, table: decoded.table };
    of.machineDue = world.machine.deadline(machine);
    leaveUnknown(of, at, header.history);
    of.executed = at;
    of.decided = Math.max(of.decided, at);
    of.archive = [];
    slotFor(of, at).history = header.history;
    if (header.barrier === 1) of.barrier = at;
  }
  cut(of, proof, bytes);
}

/** Everything at and below is let go. */
export function cut(of: Replica<unknown>, proof: CheckpointProof, state: Uint8Array): void {
  const { header } = proof;
  const gone = header.sequence - low(of);
  for (const slot of of.slots.splice(0, gone)) {
    // The archive has no gaps: a snapshot begins it anew.
    if (slot.name !== undefined && slot.history !== undefined) of.archive.push(slot);
    else of.archive = [];
  }
  if (of.archive.length > ARCHIVE_LENGTH_MAX) of.archive.splice(0, of.archive.length - ARCHIVE_LENGTH_MAX);
  of.stable = { header, proof, state };
  of.known = Math.max(of.known, header.sequence);
  of.held = Math.max(of.held, header.sequence);
  of.checkpoints = of.checkpoints.filter((each) => each.header.sequence > header.sequence);
  of.certificates = of.certificates.filter((each) => each.sequence > header.sequence);
  for (const line of of.checkpointVotes) {
    const left = line.filter((held) => held.checkpoint !== undefined && held.checkpoint.sequence > header.sequence);
    line.splice(0, line.length, ...left);
  }
  if (header.epoch !== proof.epoch) keepLineage(of, proof);
  if (of.barrier !== undefined && of.barrier <= header.sequence) of.barrier = undefined;
}

/** For those who come from an earlier epoch. */
export function keepLineage(of: Replica<unknown>, proof: CheckpointProof): void {
  if (of.lineage.some((each) => each.epoch >= proof.epoch)) return;
  of.lineage.push(proof);
  if (of.lineage.length > LINEAGE_LENGTH_MAX) of.lineage.shift();
}
