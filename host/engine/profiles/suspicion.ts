/** How much a peer's behaviour resembles collusion, from 0 to 1, for the page and for routes. Both of a pair are treated alike.
 * Nothing follows from it: it is no evidence, and costs neither chips nor a seat. */

import { ACCUSING_EVIDENCE } from "../judge/limits.ts";
import { median, robustScore, spread } from "../judge/robust.ts";
import { ANSWERS_MIN } from "./limits.ts";
import type { BehaviouralProfile, Profiles } from "./profile.ts";
import { rhythm, timedAlike } from "./similarity.ts";
import type { TransportNorm } from "./transports.ts";
import { logAlike, votesAlike } from "./votes.ts";

export interface Suspicion {
  readonly member: number;
  readonly score: number;
  /** Whose answers come with its own. */
  readonly timedWith: readonly number[];
  /** Who votes against the crowd with it. */
  readonly votesWith: readonly number[];
  /** Answers as nobody's of this transport do: far too soon, or without any of its jitter. */
  readonly isMechanical: boolean;
  /** Acts in a rhythm. Told, and not counted: an honest program has one. */
  readonly isRhythmic: boolean;
}

const RHYTHMIC_MIN = 0.8;
const TOO_SOON_SCORE = -4;
const TIMING_SHARE = 0.3;
const VOTES_SHARE = 0.4;
const MECHANICAL_SHARE = 0.3;

/** Of every member, by its place. */
export function suspicionsOf(of: Profiles, norm: TransportNorm): Suspicion[] {
  const { peers, pairs } = of;
  const timedWith: number[][] = peers.map(() => []);
  const votesWith: number[][] = peers.map(() => []);
  const votesWeight = new Array<number>(peers.length).fill(0);
  for (const pair of pairs) {
    const { left, right } = pair;
    if (votesAlike(pair)) link(votesWith, left, right);
    // Half of what would be told is told of nobody, but counts a little.
    const weight = Math.min(1, logAlike(pair) / Math.log(ACCUSING_EVIDENCE));
    for (const member of [left, right]) votesWeight[member] = Math.max(votesWeight[member], weight);
  }
  for (const [left, right] of timedAlike(peers)) link(timedWith, left, right);
  return peers.map((peer, member) => {
    const isMechanical = mechanical(peers, member, norm);
    const timing = timedWith[member].length > 0 ? TIMING_SHARE : 0;
    const score = timing + VOTES_SHARE * votesWeight[member] + (isMechanical ? MECHANICAL_SHARE : 0);
    return {
      ...{ member, score, isMechanical, timedWith: timedWith[member], votesWith: votesWith[member] },
      isRhythmic: Math.abs(rhythm(peer) ?? 0) > RHYTHMIC_MIN,
    };
  });
}

/** Those with more than `threshold`, the most suspicious first. */
export function suspiciousPeers(of: Profiles, norm: TransportNorm, threshold: number): Suspicion[] {
  const found = suspicionsOf(of, norm).filter(({ score }) => score > threshold);
  return found.sort((left, right) => right.score - left.score || left.member - right.member);
}

function mechanical(peers: readonly BehaviouralProfile[], member: number, norm: TransportNorm): boolean {
  const own = spans(peers[member]);
  if (own.length < ANSWERS_MIN) return false;
  if (spread(own) < norm.jitterMinMs) return true;
  const others = peers.flatMap((peer, at) => {
    const theirs = at === member ? [] : spans(peer);
    return theirs.length < ANSWERS_MIN ? [] : [median(theirs)];
  });
  if (others.length < 2) return false;
  return robustScore(median(own), others, norm.middlesSpreadMs) < TOO_SOON_SCORE;
}

const spans = ({ answers }: BehaviouralProfile): number[] => answers.map(({ spanMs }) => spanMs);

function link(companions: number[][], left: number, right: number): void {
  companions[left].push(right);
  companions[right].push(left);
}
