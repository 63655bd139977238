/**
 * Whom to trust by the word of others. A word weighs what its speaker is trusted, beginning at this kiosk itself: a clique that
 * praises itself is heard by nobody outside it. Whole numbers; for people and for routes.
 */
import { assert } from "../../../protocol/core/assert.ts";
import { STANDINGS_MAX, TRUST_HOPS_MAX, WHOLE_PPM } from "./limits.ts";

/** "I trust that one so much", of a peer by its place. */
export interface Opinion {
  readonly from: number;
  readonly of: number;
  readonly ppm: number;
}

/** Who is shown as trusted, and who may be asked first. */
export const TRUSTED_PPM = 500_000;
export const FAST_PATH_PPM = 900_000;

/** What a hop takes off: the word of a friend's friend is worth less than a friend's. */
const HOP_PPM = 950_000;
/** Trust from which on somebody's word is asked for at all: those in doubt recommend nobody. */
const VOICE_PPM = 500_000;

/** Trust of each of `count` peers as `root` sees them. What it has seen itself goes before what it is told. */
export function trustOf(count: number, root: number, opinions: readonly Opinion[]): number[] {
  assert(count <= STANDINGS_MAX && root < count, "peers keep their bound");
  const own = new Array<number | undefined>(count).fill(undefined);
  own[root] = WHOLE_PPM;
  for (const { from, of, ppm } of opinions) if (from === root && of !== root) own[of] = ppm;
  let trust = own.map((each) => each ?? 0);
  for (let hop = 1; hop < TRUST_HOPS_MAX; hop++) {
    trust = trust.map((_, of) => own[of] ?? recommended(of, trust, opinions));
  }
  return trust;
}

/** The mean of what those say who have a voice, weighted by how much they are trusted, and never more than the best of them. */
function recommended(of: number, trust: readonly number[], opinions: readonly Opinion[]): number {
  let weight = 0;
  let sum = 0;
  let best = 0;
  for (const opinion of opinions) {
    if (opinion.of !== of || opinion.from === of) continue;
    const voice = trust[opinion.from];
    if (voice === undefined || voice < VOICE_PPM) continue;
    weight += voice;
    sum += voice * opinion.ppm;
    best = Math.max(best, voice);
  }
  if (weight === 0) return 0;
  const mean = Math.floor(sum / weight);
  return Math.floor((Math.min(mean, best) * HOP_PPM) / WHOLE_PPM);
}

/** Places with at least so much, the most trusted first. */
export function trustedAmong(trust: readonly number[], leastPpm: number): number[] {
  const places = trust.map((ppm, place) => ({ ppm, place })).filter(({ ppm }) => ppm >= leastPpm);
  return places.sort((left, right) => right.ppm - left.ppm || left.place - right.place).map(({ place }) => place);
}
