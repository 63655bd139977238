/** Values that nobody could know before their time, each from its moment on. A record's own time says which one it means. */
import { assert } from "../../../protocol/core/assert.ts";
import { BEACONS_MAX } from "./limits.ts";

export interface Beacon {
  readonly fromMs: number;
  readonly value: Uint8Array;
}

/** Rising. The oldest goes, and records of its time are stale with it. */
export function addBeacon(beacons: Beacon[], beacon: Beacon): void {
  const last = beacons.at(-1);
  assert(last === undefined || beacon.fromMs > last.fromMs, "beacons follow each other");
  beacons.push(beacon);
  if (beacons.length > BEACONS_MAX) beacons.shift();
}

export function beaconAt(beacons: readonly Beacon[], timestamp: number): Uint8Array | undefined {
  let found: Uint8Array | undefined;
  for (const { fromMs, value } of beacons) if (fromMs <= timestamp) found = value;
  return found;
}
