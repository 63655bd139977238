/** How fast each address may ask. */
import { millis } from "../../../protocol/core/units.ts";
import { type Bucket, bucket, take } from "../../mesh/bucket.ts";
import { ADDRESSES_MAX } from "./limits.ts";

export interface Meter {
  readonly perSecond: number;
  readonly burstMax: number;
  /** Whoever asked last is last. */
  readonly buckets: Map<string, Bucket>;
}

export const meter = (perSecond: number, burstMax: number): Meter => ({ perSecond, burstMax, buckets: new Map() });

export function mayAsk({ perSecond, burstMax, buckets }: Meter, address: string, at: number): boolean {
  const found = buckets.get(address) ?? bucket(millis(at), burstMax);
  buckets.delete(address);
  buckets.set(address, found);
  const [oldest] = buckets.keys();
  if (buckets.size > ADDRESSES_MAX && oldest !== undefined) buckets.delete(oldest);
  return take(found, millis(at), perSecond, burstMax);
}
