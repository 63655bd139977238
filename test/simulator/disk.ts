/** A kiosk's journal as a disk keeps it: what was flushed is safe, the rest may be there after a crash up to anywhere. */
import { Record } from "../../host/engine/consensus/records.ts";
import { decode, encode } from "../../protocol/bytes/codec.ts";
import { assert } from "../../protocol/core/assert.ts";
import { type Chance, draw, drawBelow } from "../../protocol/core/chance.ts";

export interface Disk {
  readonly records: Record[];
  /** As many are safe. */
  durable: number;
  /** Says that it flushed, and did not: as many are safe in truth. */
  lyingSince: number | undefined;
  /** Writes bytes, and reads them again. */
  readonly encodes: boolean;
}

export const disk = (encodes: boolean): Disk => ({ records: [], durable: 0, lyingSince: undefined, encodes });

export function append(of: Disk, record: Record): void {
  of.records.push(of.encodes ? again(record) : record);
}

/** Up to the record that was last when the flush began. */
export function flush(of: Disk, upTo: number): void {
  of.durable = Math.max(of.durable, upTo);
}

/** The power is gone: answers how many records are. */
export function lose(of: Disk, from: Chance): number {
  const safe = of.lyingSince ?? of.durable;
  const left = safe + drawBelow(from, of.records.length - safe + 1);
  const lost = of.records.length - left;
  of.records.length = left;
  of.durable = left;
  of.lyingSince = undefined;
  return lost;
}

/** The image of an earlier day. */
export function rollBack(of: Disk, from: Chance): number {
  const left = Math.floor(of.records.length * (0.3 + 0.7 * draw(from)));
  const lost = of.records.length - left;
  of.records.length = left;
  of.durable = left;
  return lost;
}

/** A record in the middle cannot be read: what follows it cannot be trusted. */
export function damage(of: Disk, from: Chance): number {
  const left = drawBelow(from, of.records.length + 1);
  const lost = of.records.length - left;
  of.records.length = left;
  of.durable = left;
  return lost;
}

function again(record: Record): Record {
  const decoded = decode(Record, encode(Record, record));
  assert(decoded.ok, "what is written can be read");
  return decoded.value;
}
