/** §6.4 a quorum signed another state than this kiosk has: its own memory or machine failed. It says nothing at or below that
 * place ever again, and takes the state that was agreed. */

import { utf8Encode } from "../../../protocol/bytes/utf8.ts";
import { REASON_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { sequence } from "../../../protocol/core/units.ts";
import type { Effect } from "./events.ts";
import type { OwnCheckpoint, Replica } from "./state.ts";
import { wantStatus } from "./timing.ts";

export function divergedAt(of: Replica<unknown>, own: OwnCheckpoint, effects: Effect[]): void {
  if (of.diverged) return;
  of.diverged = true;
  mute(of, "the state here is not the one that was agreed", own.header.sequence, effects);
  wantStatus(of);
}

/** Until a checkpoint at or above `until` is stable. */
export function mute(of: Replica<unknown>, why: string, until: number, effects: Effect[]): void {
  if (of.mutedUntil !== undefined && of.mutedUntil >= until) return;
  of.mutedUntil = until;
  effects.push({
    type: "persist",
    record: { type: "muted", why: utf8Encode(why).subarray(0, REASON_SIZE_MAX), until: sequence(until) },
  });
  effects.push({ type: "muted", why, until: sequence(until) });
}
