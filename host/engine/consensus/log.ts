/** The log: slots from the sequence after the stable checkpoint, and the history that runs through them. */

import type { Batch } from "../../../protocol/agreement/request.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { struct } from "../../../protocol/bytes/compound.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { DIGEST_SIZE, SLOTS_MAX } from "../../../protocol/core/limits.ts";
import { agreedMillis, sequence } from "../../../protocol/core/units.ts";
import { Digest, ObjectName, type Place, Sequence } from "../../../protocol/message/fields.ts";
import type { Ports } from "../ports.ts";
import { ARCHIVE_LENGTH_MAX, KEPT_BATCHES_MAX, WATERMARK_INTERVALS_COUNT } from "./limits.ts";
import type { Replica, Slot } from "./state.ts";

const HistoryStep = struct("HistoryStep", { before: Digest, sequence: Sequence, name: ObjectName });

/** §2 history: h(k) covers h(k − 1) and the name of batch k. */
export function nextHistory(ports: Ports, before: Uint8Array, at: number, name: ObjectName): Uint8Array {
  return ports.digest("hardway history", encode(HistoryStep, { before, sequence: sequence(at), name }, ports.room));
}

/** The same, known already where the log has this name after this history. */
export function historyAfter(
  of: Replica<unknown>,
  ports: Ports,
  before: Uint8Array,
  at: number,
  name: ObjectName,
): Uint8Array {
  const slot = slotAt(of, at);
  const known = slot?.name !== undefined && sameName(slot.name, name) ? slot.history : undefined;
  const last = known === undefined ? undefined : historyAt(of, at - 1);
  return known !== undefined && last !== undefined && bytesEqual(last, before)
    ? known
    : nextHistory(ports, before, at, name);
}

/** What fills a gap: nothing, in no bytes. */
export const nullName = (): ObjectName => ({ digest: new Uint8Array(DIGEST_SIZE), size: 0 });
const nullBatch = (): Batch => ({ time: agreedMillis(0), barrier: undefined, requests: [] });
export const isNull = (name: ObjectName): boolean => name.size === 0;
export const sameName = (left: ObjectName, right: ObjectName): boolean =>
  left.size === right.size && bytesEqual(left.digest, right.digest);

export const low = (of: Replica<unknown>): number => of.stable.header.sequence;
export const high = (of: Replica<unknown>): number => low(of) + WATERMARK_INTERVALS_COUNT * of.options.checkpointEvery;

/** No slot is held further ahead: whoever is so far behind needs a state, and nothing that is known by name above it. */
export const farthest = (of: Replica<unknown>): number => high(of) + ARCHIVE_LENGTH_MAX + 2 * SLOTS_MAX;

/** Undefined beyond what was ever looked at. */
export const slotAt = (of: Replica<unknown>, at: number): Slot | undefined => of.slots[at - low(of) - 1];

/** The slot, made if it is new. */
export function slotFor(of: Replica<unknown>, at: number): Slot {
  const first = low(of) + 1;
  assert(at >= first, "what lies below the stable checkpoint is no longer open");
  while (of.slots.length <= at - first) {
    of.slots.push({
      sequence: first + of.slots.length,
      name: undefined,
      history: undefined,
      batch: undefined,
      kept: [],
      claim: undefined,
      again: false,
    });
  }
  return of.slots[at - first];
}

/** Another name, and the batch of it where it was here before. What it held goes to the others. */
export function setName(slot: Slot, name: ObjectName | undefined, history: Uint8Array | undefined): void {
  slot.history = history;
  if (slot.name !== undefined && name !== undefined && sameName(slot.name, name)) return;
  if (slot.name !== undefined && slot.batch !== undefined && !isNull(slot.name)) {
    const { kept, name: old, batch } = slot;
    if (!kept.some((each) => sameName(each.name, old))) kept.push({ name: old, batch });
    if (kept.length > KEPT_BATCHES_MAX) kept.shift();
  }
  slot.name = name;
  if (name === undefined) slot.batch = undefined;
  else slot.batch = isNull(name) ? nullBatch() : slot.kept.find((each) => sameName(each.name, name))?.batch;
}

/** Of a sequence that was executed or is known in this view; undefined of others. */
export function historyAt(of: Replica<unknown>, at: number): Uint8Array | undefined {
  if (at === of.start.sequence) return of.start.digest;
  if (at === low(of)) return of.stable.header.history;
  if (at > low(of)) return at <= of.known || at <= of.executed ? slotAt(of, at)?.history : undefined;
  const kept = of.archive[at - low(of) - 1 + of.archive.length];
  return kept?.sequence === at ? kept.history : undefined;
}

export function placeAt(of: Replica<unknown>, at: number): Place {
  const digest = historyAt(of, at);
  assert(digest !== undefined, "a place that is known has its history");
  return { sequence: sequence(at), digest };
}

/** The names after `base` up to `end`, which are known. */
export function namesBetween(of: Replica<unknown>, base: number, end: number): ObjectName[] {
  const names: ObjectName[] = [];
  for (let at = base + 1; at <= end; at++) {
    const slot = at > low(of) ? slotAt(of, at) : of.archive[at - low(of) - 1 + of.archive.length];
    assert(slot?.name !== undefined, "a known slot has its name");
    names.push(slot.name);
  }
  return names;
}

/** The lowest place from which names lead up to the present. */
export const oldestKept = (of: Replica<unknown>): number => low(of) - Math.max(0, of.archive.length - 1);
