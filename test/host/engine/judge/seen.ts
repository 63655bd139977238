/** What was seen of one kiosk, and what is made of it. */
import {
  type Conduct,
  type Conducts,
  conductOf,
  type Observed,
  observe,
} from "../../../../host/engine/judge/conduct.ts";
import { at } from "../stakes/stakers.ts";

export const KEY = new Uint8Array(32).fill(1);

export function seen(of: Conducts, what: Observed, times = 1, ms = 0, key = KEY): void {
  for (let i = 0; i < times; i++) observe(of, { type: "verified", key, what, at: at(ms), attributable: true });
}
export const conduct = (of: Conducts, ms = 0, key = KEY): Conduct => conductOf(of, key, at(ms))!;
