/**
 * How a peer has behaved toward this kiosk: counters, and a reputation that each observation moves a little and time moves back. What
 * nobody signed is charged to the link that brought it, for anyone can write another's name on a message. Whole numbers, shown to
 * people and used to rank routes; it costs nobody anything.
 */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import type { AgreedMillis } from "../../../protocol/core/units.ts";
import { agreedMillis } from "../../../protocol/core/units.ts";
import { DECAY_LEFT_PPM, DECAY_STEP_MS, STANDINGS_MAX, WHOLE_PPM } from "./limits.ts";

export interface Conduct {
  readonly key: Uint8Array;
  reputationPpm: number;
  /** Event time up to which it has gone back toward the prior. */
  at: AgreedMillis;
  /** Slow average of what was well: 0.95 of the old and 0.05 of the new. */
  historicalPpm: number;
  /** The last observations, the newest in the lowest bit: well or not. */
  recent: number;
  observations: number;
  successes: number;
  invalidSignatures: number;
  /** Of what was asked of it, what it answered. */
  asked: number;
  answered: number;
  /** Of what could be checked afterwards, what was right. */
  checked: number;
  right: number;
  consecutiveFaults: number;
}

export interface Conducts {
  readonly rows: Conduct[];
  /** Links that brought what nobody signed. */
  readonly links: LinkCharge[];
}

export interface LinkCharge {
  readonly link: number;
  faults: number;
}

export type Observed = "success" | "invalidSignature" | "timing" | "contradiction" | "partition";

export type Observation =
  /** A signature, or the session that brought it, says whose doing it was. A partition counts where this peer made it. */
  | {
      readonly type: "verified";
      readonly key: Uint8Array;
      readonly what: Observed;
      readonly at: AgreedMillis;
      readonly attributable?: boolean;
    }
  /** Nothing says so but the message itself. */
  | { readonly type: "unverified"; readonly link: number };

/** Of a peer that nothing is known of, and where everyone's comes back to. */
export const PRIOR_PPM = 500_000;

export const DELTAS_PPM: { readonly [What in Observed]: number } = Object.freeze({
  success: 10_000,
  invalidSignature: -100_000,
  timing: -50_000,
  contradiction: -150_000,
  partition: -20_000,
});

export const noConducts = (): Conducts => ({ rows: [], links: [] });

export function observe(of: Conducts, event: Observation): void {
  if (event.type === "unverified") {
    charge(of, event.link);
    return;
  }
  const { what } = event;
  // Whoever is cut off is the victim more often than the cause.
  if (what === "partition" && event.attributable !== true) return;
  const row = rowOf(of, event.key, event.at);
  settle(row, event.at);
  const well = what === "success";
  row.reputationPpm = Math.min(WHOLE_PPM, Math.max(0, row.reputationPpm + DELTAS_PPM[what]));
  row.historicalPpm = Math.floor((95 * row.historicalPpm + 5 * (well ? WHOLE_PPM : 0)) / 100);
  row.recent = ((row.recent << 1) | (well ? 1 : 0)) >>> 0;
  row.observations += 1;
  row.successes += well ? 1 : 0;
  row.invalidSignatures += what === "invalidSignature" ? 1 : 0;
  row.consecutiveFaults = well ? 0 : row.consecutiveFaults + 1;
}

/** Something was asked of it, and it answered in time or did not. */
export function participated(of: Conducts, key: Uint8Array, answered: boolean, at: AgreedMillis): void {
  const row = rowOf(of, key, at);
  row.asked += 1;
  row.answered += answered ? 1 : 0;
}

/** What it said was held against what was agreed. */
export function checkedAgainstAgreed(of: Conducts, key: Uint8Array, right: boolean, at: AgreedMillis): void {
  const row = rowOf(of, key, at);
  row.checked += 1;
  row.right += right ? 1 : 0;
}

export function conductOf(of: Conducts, key: Uint8Array, time: AgreedMillis): Conduct | undefined {
  const found = of.rows.find((row) => bytesEqual(row.key, key));
  if (found === undefined) return undefined;
  const row = { ...found };
  settle(row, time);
  return row;
}

/** Share of the last observations that were well. */
export function recentPpm({ recent, observations }: Conduct): number {
  const count = Math.min(RECENT_COUNT, observations);
  if (count === 0) return PRIOR_PPM;
  let well = 0;
  for (let bit = 0; bit < count; bit++) well += (recent >>> bit) & 1;
  return Math.floor((well * WHOLE_PPM) / count);
}

/** r = μ + (r − μ) · left ^ steps. A clock that goes back changes nothing. */
function settle(row: Conduct, time: AgreedMillis): void {
  const steps = Math.floor((time - row.at) / DECAY_STEP_MS);
  if (steps <= 0) return;
  const off = row.reputationPpm - PRIOR_PPM;
  row.reputationPpm = PRIOR_PPM + Math.trunc((off * power(DECAY_LEFT_PPM, steps)) / WHOLE_PPM);
  row.at = agreedMillis(row.at + steps * DECAY_STEP_MS);
}

/** In millionths, by squaring: every product is below 2^53. */
function power(base: number, exponent: number): number {
  let result = WHOLE_PPM;
  let factor = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = Math.round((result * factor) / WHOLE_PPM);
    factor = Math.round((factor * factor) / WHOLE_PPM);
  }
  return result;
}

function charge({ links }: Conducts, link: number): void {
  const known = links.find((each) => each.link === link);
  if (known !== undefined) known.faults += 1;
  else {
    if (links.length === STANDINGS_MAX) links.shift();
    links.push({ link, faults: 1 });
  }
}

/** The least informative makes room: nothing against it, and seen longest ago. */
function rowOf({ rows }: Conducts, key: Uint8Array, at: AgreedMillis): Conduct {
  const known = rows.find((row) => bytesEqual(row.key, key));
  if (known !== undefined) return known;
  if (rows.length === STANDINGS_MAX) {
    let least = 0;
    for (let i = 1; i < rows.length; i++) if (saysLess(rows[i], rows[least])) least = i;
    rows.splice(least, 1);
  }
  const counts = { observations: 0, successes: 0, invalidSignatures: 0, asked: 0, answered: 0, checked: 0, right: 0 };
  const prior = { reputationPpm: PRIOR_PPM, historicalPpm: PRIOR_PPM, recent: 0, consecutiveFaults: 0 };
  const row = { key: new Uint8Array(key), at, ...prior, ...counts };
  rows.push(row);
  assert(rows.length <= STANDINGS_MAX, "who is remembered keeps its bound");
  return row;
}

function saysLess(left: Conduct, right: Conduct): boolean {
  const [leftBlamed, rightBlamed] = [left.reputationPpm < PRIOR_PPM, right.reputationPpm < PRIOR_PPM];
  return leftBlamed === rightBlamed ? left.at < right.at : rightBlamed;
}

const RECENT_COUNT = 32;
