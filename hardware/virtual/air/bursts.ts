/** Interference that comes and stays a while (Gilbert and Elliott): a pair of radios is in a good or a bad time, and a bad
 * time lets little through. Independent losses almost never drop a link; these do. */
import { assert } from "../../../protocol/core/assert.ts";
import { type Chance, draw } from "../../../protocol/core/chance.ts";

/** Of the packets that do not arrive, those whose access address was not even recognised; the others have a wrong CRC.
 * Estimated: interference begins anywhere in a packet, and its address is at the front. */
export const MISSED_SHARE = 0.5;

export interface BurstRules {
  readonly goodMs: number;
  readonly badMs: number;
  /** Share of packets lost in either time. */
  readonly lossGood: number;
  readonly lossBad: number;
}

export const CALM: BurstRules = Object.freeze({ goodMs: 1000, badMs: 0, lossGood: 0, lossBad: 0 });

export const independent = (loss: number): BurstRules => ({ goodMs: 1000, badMs: 0, lossGood: loss, lossBad: loss });

export interface Bursts {
  readonly rules: BurstRules;
  bad: boolean;
  atUs: number;
}

export function bursts(rules: BurstRules, atUs: number, chance: Chance): Bursts {
  assert(rules.goodMs > 0 && rules.badMs >= 0, "times last");
  return { rules, bad: draw(chance) < share(rules), atUs };
}

/** The chance that a packet at that time is lost. Both times end with a constant rate, so that the state at any later moment
 * is drawn at once, however long nobody looked. */
export function lossAt(state: Bursts, atUs: number, chance: Chance): number {
  const { rules } = state;
  assert(atUs >= state.atUs, "time runs forward");
  if (rules.badMs === 0) return rules.lossGood;
  const bad = share(rules);
  const memory = Math.exp(-((atUs - state.atUs) / 1000) * (1 / rules.goodMs + 1 / rules.badMs));
  state.bad = draw(chance) < bad + ((state.bad ? 1 : 0) - bad) * memory;
  state.atUs = atUs;
  return state.bad ? rules.lossBad : rules.lossGood;
}

/** In the long run. */
export const meanLoss = (rules: BurstRules): number =>
  share(rules) * rules.lossBad + (1 - share(rules)) * rules.lossGood;

/** The formula for links lost in an hour of link time, where a bad time lets nothing through: it must outlast the supervision
 * timeout, counted from the last event before it. */
export function burstDropsPerHour(rules: BurstRules, intervalMs: number, supervisionMs: number): number {
  const { goodMs, badMs } = rules;
  const outlasts = Math.exp(-supervisionMs / badMs) * (badMs / intervalMs) * (Math.exp(intervalMs / badMs) - 1);
  return (3_600_000 * outlasts) / (goodMs + badMs * (1 - outlasts));
}

/** The same where losses know nothing of each other: a run of as many as fit the timeout, at either end. The client misses an
 * event when the server did not recognise its packet, or when the answer was lost; the server when the client's packet was
 * lost, and to a packet that it could not read it answers. */
export function independentDropsPerHour(loss: number, intervalMs: number, supervisionMs: number): number {
  const length = Math.floor(supervisionMs / intervalMs);
  const client = loss * MISSED_SHARE + (1 - loss * MISSED_SHARE) * loss;
  const clientToo = MISSED_SHARE + (1 - MISSED_SHARE) * loss;
  const runs = runsPerEvent(client, length) + runsPerEvent(loss, length) * (1 - clientToo ** length);
  return (3_600_000 / intervalMs) * runs;
}

const runsPerEvent = (miss: number, length: number): number => (miss ** length * (1 - miss)) / (1 - miss ** length);

const share = (rules: BurstRules): number => rules.badMs / (rules.goodMs + rules.badMs);
