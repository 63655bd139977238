/**
 * How a kiosk that comes later begins: in the epoch that f + 1 of the members named, an anchor among them, without its state. That
 * comes as it does to everyone who passed into an epoch ahead of its state: by checkpoints, which the members of the epoch prove.
 */
import type { CheckpointHeader, CheckpointProof } from "../../protocol/agreement/certificate.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { assert } from "../../protocol/core/assert.ts";
import { agreedMillis, epoch, sequence, view } from "../../protocol/core/units.ts";
import { verifyCheckpointProof } from "../engine/consensus/certificates.ts";
import { sameName } from "../engine/consensus/log.ts";
import type { Record } from "../engine/consensus/records.ts";
import type { Replica } from "../engine/consensus/state.ts";
import type { Ports } from "../engine/ports.ts";
import type { JoiningEffect } from "../engine/reception/joining-events.ts";

export type Joined = JoiningEffect & { readonly type: "joined" };

/** As the answers have it. Its proof was not seen: nothing is shown to others that rests on this alone. */
export interface Belief {
  readonly header: CheckpointHeader;
}

/** Undefined in the first epoch, where nobody needs to be believed. */
export function beliefOf(joined: Joined): Belief | undefined {
  if (joined.epoch === 0) return undefined;
  const [source] = joined.sources;
  assert(source !== undefined, "who answers has a state");
  const { checkpoint, state } = source;
  return {
    header: {
      ...{ sequence: sequence(checkpoint.sequence), history: checkpoint.digest, time: agreedMillis(0) },
      ...{ epoch: epoch(joined.epoch), view: view(joined.view), barrier: 1, rules: joined.rules },
      members: joined.participants.map(({ key }) => key),
      state,
    },
  };
}

/** As a journal keeps it, and a start repeats it: an epoch that was entered without its state, and by nobody's proof. */
export function beliefRecords({ header }: Belief): readonly Record[] {
  const start = { sequence: header.sequence, digest: header.history };
  return [
    { type: "passed", proof: { header, epoch: epoch(header.epoch - 1), ballots: [] } },
    { type: "entered", epoch: header.epoch, view: header.view, start, newView: undefined, names: [] },
  ];
}

/** What a journal's record says that this kiosk once believed. */
export const believedIn = (record: Record): Belief | undefined =>
  record.type === "passed" && record.proof.ballots.length === 0 ? { header: record.proof.header } : undefined;

/** A lineage is for others, who believe nobody. */
export function forgetUnproved(of: Replica<unknown>): void {
  of.lineage = of.lineage.filter(({ ballots }) => ballots.length > 0);
}

/** Who voted for the epoch that is believed, where this kiosk's own admission began it: all of its members but this one. */
export function epochBefore(of: Pick<Replica<unknown>, "table" | "key">, { header }: Belief) {
  const members = header.members.filter((key) => !bytesEqual(key, of.key));
  return { id: of.table, table: of.table, epoch: epoch(header.epoch - 1), members };
}

/** The proof of what was believed came: it stands with the others from now on. Any other is looked at by the engine. */
export function takeProof(of: Replica<unknown>, belief: Belief, proof: CheckpointProof, ports: Ports): boolean {
  const { header } = proof;
  if (of.epoch !== belief.header.epoch || of.lineage.some((each) => each.header.epoch === of.epoch)) return false;
  if (!isSame(header, belief.header) || !verifyCheckpointProof(epochBefore(of, belief), ports, proof)) return false;
  of.lineage.push(proof);
  return true;
}

const isSame = (left: CheckpointHeader, right: CheckpointHeader): boolean =>
  left.sequence === right.sequence &&
  left.epoch === right.epoch &&
  bytesEqual(left.history, right.history) &&
  sameName(left.state, right.state) &&
  left.members.length === right.members.length &&
  left.members.every((key, at) => bytesEqual(key, right.members[at]!));
