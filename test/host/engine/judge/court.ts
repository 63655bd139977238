/** A court of so many members, whose log says whatever a test wants. */
import type { DisputeAnswer, Reexecuted } from "../../../../host/engine/judge/dispute.ts";
import {
  type DisputeOutcome,
  type DisputePorts,
  evidenceDigest,
  openDispute,
  voteOnDispute,
} from "../../../../host/engine/judge/disputes.ts";
import { judgeState } from "../../../../host/engine/judge/judge-snapshot.ts";
import { pointsOf } from "../../../../host/engine/judge/points.ts";
import { memberIndex, sequence } from "../../../../protocol/core/units.ts";
import type { DisputeClaim } from "../../../../protocol/message/dispute.ts";
import { at } from "../stakes/stakers.ts";
import { bytes, scene } from "./cheats.ts";

/** A table, what the log says at it, and what it has agreed on so far. */
export function court(members = 4, log: (claim: DisputeClaim) => Reexecuted = () => "undecidable") {
  const of = scene(members);
  const ports: DisputePorts = { table: of.bench.table, members: of.bench.members, ports: of.ports[0]!, reexecute: log };
  return { state: judgeState(), ports, keys: of.bench.members };
}
export type Court = ReturnType<typeof court>;

export function claim(of: Court, change: Partial<DisputeClaim> = {}): DisputeClaim {
  const evidence = change.evidence ?? bytes(1, 2, 3);
  const rest = { kind: "invalidPayout", suspect: memberIndex(2), sequence: sequence(7), opened: at(0) } as const;
  return { ...rest, evidence, digest: evidenceDigest(of.ports.ports, evidence), ...change };
}

export const open = (of: Court, client: number, change: Partial<DisputeClaim> = {}, ms = 0): DisputeOutcome =>
  openDispute(of.state.disputes, of.state.points, client, claim(of, change), at(ms), of.ports);

export function vote(of: Court, client: number, answer: DisputeAnswer, id: Uint8Array, ms = 1): DisputeOutcome {
  const { disputes, points } = of.state;
  return voteOnDispute(disputes, points, client, { dispute: id, answer, reason: "" }, at(ms), of.ports);
}

export function opened(of: Court, change: Partial<DisputeClaim> = {}): Uint8Array {
  const outcome = open(of, 0, change);
  if (!outcome.ok) throw new Error(outcome.why);
  return outcome.id;
}

export const points = (of: Court, member: number, ms = 1): number =>
  pointsOf(of.state.points, of.keys[member]!, at(ms));
