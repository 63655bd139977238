/** How fast PINs may be tried: a few wrong ones cost nothing, each further one doubles the wait of its address; and over all
 * addresses there is a bound, for an attacker may have many. */
import { type Millis, millis } from "../../../protocol/core/units.ts";
import { type Bucket, bucket, take } from "../../mesh/bucket.ts";
import { ADDRESSES_MAX, PIN_TRIES_FREE, PIN_TRIES_PER_MINUTE, PIN_WAIT_FIRST_MS, PIN_WAIT_MAX_MS } from "./limits.ts";
import { isLoopback } from "./origin.ts";

export interface PinTries {
  /** By address, those that tried last behind. */
  readonly wrong: Map<string, { count: number; until: number }>;
  readonly all: Bucket;
}

export const pinTries = (at: Millis): PinTries => ({ wrong: new Map(), all: bucket(at, PIN_TRIES_PER_MINUTE) });

/** Undefined where one may be tried now; else for how long none may. Whoever stands at the kiosk is not kept out by what others
 * try from elsewhere. */
export function waitMs(of: PinTries, address: string, at: number): number | undefined {
  const until = of.wrong.get(address)?.until ?? 0;
  if (at < until) return until - at;
  const [perSecond, burst] = [PIN_TRIES_PER_MINUTE / 60, PIN_TRIES_PER_MINUTE];
  return isLoopback(address) || take(of.all, millis(at), perSecond, burst) ? undefined : 1000 / perSecond;
}

export function onWrong(of: PinTries, address: string, at: number): void {
  const count = (of.wrong.get(address)?.count ?? 0) + 1;
  const over = count - PIN_TRIES_FREE;
  const wait = over < 0 ? 0 : Math.min(PIN_WAIT_MAX_MS, PIN_WAIT_FIRST_MS * 2 ** over);
  of.wrong.delete(address);
  of.wrong.set(address, { count, until: at + wait });
  const [oldest] = of.wrong.keys();
  if (of.wrong.size > ADDRESSES_MAX && oldest !== undefined) of.wrong.delete(oldest);
}

export const onRight = (of: PinTries, address: string): void => {
  of.wrong.delete(address);
};
