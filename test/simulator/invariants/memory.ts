/** Everything has its bound, whatever attackers send. */
import {
  ARCHIVE_LENGTH_MAX,
  CERTIFICATES_MAX,
  CHECKPOINT_VOTES_MAX,
  KEPT_BATCHES_MAX,
  LINEAGE_LENGTH_MAX,
  OWN_CHECKPOINTS_MAX,
  PENDING_MAX,
  SEEN_BALLOTS_MAX,
  WAITING_BALLOTS_MAX,
  WATERMARK_INTERVALS_COUNT,
} from "../../../host/engine/consensus/limits.ts";
import { HELD_OBJECTS_MAX, OBJECT_FETCHES_MAX } from "../../../host/engine/objects/limits.ts";
import { SLOTS_MAX } from "../../../protocol/core/limits.ts";
import type { Kiosk, Sim } from "../sim.ts";
import { broken } from "./violation.ts";

export function checkMemory(sim: Sim, of: Kiosk): void {
  const { replica } = of;
  if (replica === undefined) return;
  const within = (what: string, length: number, most: number): void => {
    if (length > most)
      broken("memory has its bound", `kiosk ${of.place} holds ${length} ${what}, at most ${most}`, sim);
  };
  const interval = replica.options.checkpointEvery;
  // Barriers have checkpoints of their own, between those of the interval.
  // Who catches up by names is ahead of what is stable here by what others keep.
  within("slots", replica.slots.length, WATERMARK_INTERVALS_COUNT * interval + ARCHIVE_LENGTH_MAX + 4 * SLOTS_MAX);
  within("batches of the past", replica.archive.length, ARCHIVE_LENGTH_MAX);
  within("certificates", replica.certificates.length, CERTIFICATES_MAX);
  within("own checkpoints", replica.checkpoints.length, OWN_CHECKPOINTS_MAX);
  within("proofs of members", replica.lineage.length, LINEAGE_LENGTH_MAX);
  within("wanted objects", replica.wanting.length, 0);
  within("fetches", replica.objects.fetches.fetches.length, OBJECT_FETCHES_MAX);
  within("held objects", replica.objects.holdings.held.length, HELD_OBJECTS_MAX);
  for (const pool of replica.pools) within("requests of one member", pool.waiting.length, PENDING_MAX);
  for (const line of replica.seen) within("ballots of one member", line.length, SEEN_BALLOTS_MAX);
  for (const line of replica.votes.waiting) within("waiting ballots of one member", line.length, WAITING_BALLOTS_MAX);
  for (const line of replica.checkpointVotes) within("checkpoints of one member", line.length, CHECKPOINT_VOTES_MAX);
  for (const slot of replica.slots) within("batches for one slot", slot.kept.length, KEPT_BATCHES_MAX);
}
