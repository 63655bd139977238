/** §6 checkpoints: now and then all members sign the same state, and what lies below is history. */
import type { SignedBallot } from "../../../protocol/agreement/ballot.ts";
import type { CheckpointHeader, CheckpointProof } from "../../../protocol/agreement/certificate.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { agreedMillis, epoch, sequence, view } from "../../../protocol/core/units.ts";
import { objectName } from "../objects/tree.ts";
import { divergedAt } from "./diverged.ts";
import type { Effect } from "./events.ts";
import { checkpointDigest } from "./genesis.ts";
import { CHECKPOINT_VOTES_MAX, OWN_CHECKPOINTS_MAX } from "./limits.ts";
import { low } from "./log.ts";
import { cut } from "./restore.ts";
import type { Replica, World } from "./state.ts";
import { encodeTable } from "./table.ts";
import { checkpointSoon, wantStatus } from "./timing.ts";
import { enterByCheckpoint } from "./views.ts";

/** After all that the sequence changed. */
export function takeCheckpoint<S>(of: Replica<S>, isBarrier: boolean, effects: Effect[], world: World<S>): void {
  const { state } = of;
  const bytes = encodeTable(state.table, world.machine.snapshot(state.machine));
  const header: CheckpointHeader = {
    sequence: sequence(state.sequence),
    history: state.history,
    time: agreedMillis(state.time),
    epoch: epoch(state.table.epoch),
    view: view(state.table.view),
    barrier: isBarrier ? 1 : 0,
    rules: state.table.rules,
    members: state.table.members,
    state: objectName(world.ports, bytes),
  };
  const digest = checkpointDigest(world.ports, header);
  if (of.checkpoints.length === OWN_CHECKPOINTS_MAX) of.checkpoints.shift();
  of.checkpoints.push({ header, digest, state: bytes });
  of.own.checkpoint = { sequence: header.sequence, digest };
  if (header.barrier === 1) of.unsaid = true;
  else checkpointSoon(of);
  stabilize(of, effects, world);
}

/** The ballot's signature holds. */
export function checkpointVoted<S>(of: Replica<S>, ballot: SignedBallot, effects: Effect[], world: World<S>): void {
  const place = ballot.checkpoint;
  if (place === undefined || place.sequence <= low(of)) return;
  const line = of.checkpointVotes[ballot.sender];
  const same = line.findIndex((held) => held.checkpoint?.sequence === place.sequence);
  if (same >= 0) return;
  if (line.length === CHECKPOINT_VOTES_MAX) line.shift();
  line.push(ballot);
  stabilize(of, effects, world);
  if (place.sequence > of.executed) wantStatus(of);
}

/** §6.2 stable: a quorum of equal ones, the own among them or not. */
function stabilize<S>(of: Replica<S>, effects: Effect[], world: World<S>): void {
  for (let i = of.checkpoints.length - 1; i >= 0; i--) {
    const own = of.checkpoints[i];
    // Of an epoch that is over nobody votes any more, and who passed it on the way has the proof already.
    const passed = of.lineage.find(({ header }) => header.sequence === own.header.sequence);
    if (passed !== undefined && bytesEqual(checkpointDigest(world.ports, passed.header), own.digest)) {
      makeStable(of, passed, own.state, effects, world);
      return;
    }
    const equal: SignedBallot[] = [];
    const other: SignedBallot[] = [];
    for (const line of of.checkpointVotes) {
      const vote = line.find((held) => held.checkpoint?.sequence === own.header.sequence);
      if (vote?.checkpoint === undefined) continue;
      (bytesEqual(vote.checkpoint.digest, own.digest) ? equal : other).push(vote);
    }
    if (equal.length >= of.quorum) {
      const proof = { header: own.header, epoch: epoch(of.epoch), ballots: equal.slice(0, of.quorum) };
      makeStable(of, proof, own.state, effects, world);
      return;
    }
    if (other.length >= of.quorum) divergedAt(of, own, effects);
  }
}

/** §6.3 everything at and below is let go, after the new one is durable. */
export function makeStable<S>(
  of: Replica<S>,
  proof: CheckpointProof,
  state: Uint8Array,
  effects: Effect[],
  world: World<S>,
): void {
  const { header } = proof;
  effects.push({ type: "persist", record: { type: "stable", proof, state } });
  cut(of, proof, state);
  effects.push({ type: "stable", sequence: header.sequence });
  if (of.mutedUntil !== undefined && header.sequence >= of.mutedUntil) {
    of.mutedUntil = undefined;
    effects.push({ type: "persist", record: { type: "unmuted", whole: true } }, { type: "unmuted" });
  }
  enterByCheckpoint(of, effects, world);
}
