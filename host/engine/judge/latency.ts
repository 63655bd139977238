/** Whether a peer has become slow all at once, by its own standard. On the air a single packet may take ten times as long as usual,
 * honestly: one is nothing, three of six are something. For people and for routes. */
import { assert } from "../../../protocol/core/assert.ts";
import { LATENCIES_MAX, LATENCIES_MIN } from "./limits.ts";
import { robustScore } from "./robust.ts";

export interface Latencies {
  /** The last that were usual, in milliseconds, the oldest first. */
  readonly usual: number[];
  /** The last ones, beyond the usual or not, the newest in the lowest bit. */
  beyond: number;
}

export const latencies = (): Latencies => ({ usual: [], beyond: 0 });

/** True while it is anomalous. */
export function measuredLatency(state: Latencies, latencyMs: number): boolean {
  assert(latencyMs >= 0, "what ends has begun");
  // Latencies multiply: queues, repetitions, hops. Their logarithms are what is spread evenly.
  const log = Math.log2(Math.max(1, latencyMs));
  const known = state.usual.length >= LATENCIES_MIN;
  const isBeyond = known && robustScore(log, state.usual, LEAST_SPREAD) > BEYOND_SCORE;
  state.beyond = ((state.beyond << 1) | (isBeyond ? 1 : 0)) & ((1 << WATCHED_COUNT) - 1);
  const anomalous = bits(state.beyond) >= BEYOND_COUNT;
  // While it is anomalous nothing is learned, so that slowness does not become usual by lasting a while.
  if (!isBeyond) {
    if (state.usual.length === LATENCIES_MAX) state.usual.shift();
    state.usual.push(log);
  }
  return anomalous;
}

function bits(value: number): number {
  let count = 0;
  for (let rest = value; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}

const WATCHED_COUNT = 6;
const BEYOND_COUNT = 3;
const BEYOND_SCORE = 3;
/** A quarter of an octave: clocks and schedulers alone do as much. */
const LEAST_SPREAD = 0.25;
