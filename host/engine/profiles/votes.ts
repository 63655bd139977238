/**
 * Whether two vote alike more than the others' votes explain. Rounds in which all agree say nothing: honest kiosks agree. Only
 * rounds that were contested count, and in them only to be against the crowd together, the two themselves left out of it.
 *
 * Counts are whole and symmetric; the likelihood is for people. To vote alike proves no collusion: two kiosks behind one bad link
 * do it, and so do two with the same fault.
 */
import { ACCUSING_EVIDENCE } from "../judge/limits.ts";
import { CONTESTED_MAX, CONTESTED_MIN, CROWD_MIN } from "./limits.ts";

export interface VotePair {
  readonly left: number;
  readonly right: number;
  /** Contested rounds in which both voted and the others had a majority. */
  rounds: number;
  leftAgainst: number;
  rightAgainst: number;
  bothAgainst: number;
  /** Agreement in such rounds: 0.9 of the old and 0.1 of the new. */
  agreementPpm: number;
}

/** Yes, no, or nothing heard. */
export type Cast = boolean | undefined;

export function noVotePairs(memberCount: number): VotePair[] {
  const pairs: VotePair[] = [];
  for (let left = 0; left < memberCount; left++) {
    for (let right = left + 1; right < memberCount; right++) {
      const counts = { rounds: 0, leftAgainst: 0, rightAgainst: 0, bothAgainst: 0 };
      pairs.push({ left, right, ...counts, agreementPpm: HALF_PPM });
    }
  }
  return pairs;
}

/** At the end of a round, with every vote of it: to compare as they come would compare nobody. */
export function roundVoted(pairs: readonly VotePair[], votes: readonly Cast[]): void {
  const yes = votes.filter((vote) => vote === true).length;
  const no = votes.filter((vote) => vote === false).length;
  if (yes === 0 || no === 0) return;
  for (const pair of pairs) {
    const [left, right] = [votes[pair.left], votes[pair.right]];
    if (left === undefined || right === undefined) continue;
    const yesOfOthers = yes - (left ? 1 : 0) - (right ? 1 : 0);
    const noOfOthers = no - (left ? 0 : 1) - (right ? 0 : 1);
    if (yesOfOthers + noOfOthers < CROWD_MIN || yesOfOthers === noOfOthers) continue;
    const crowd = yesOfOthers > noOfOthers;
    count(pair, left !== crowd, right !== crowd, left === right);
  }
}

function count(pair: VotePair, leftAgainst: boolean, rightAgainst: boolean, alike: boolean): void {
  if (pair.rounds >= CONTESTED_MAX) {
    for (const name of ["rounds", "leftAgainst", "rightAgainst", "bothAgainst"] as const) pair[name] >>= 1;
  }
  pair.rounds += 1;
  pair.leftAgainst += leftAgainst ? 1 : 0;
  pair.rightAgainst += rightAgainst ? 1 : 0;
  pair.bothAgainst += leftAgainst && rightAgainst ? 1 : 0;
  pair.agreementPpm = Math.round((9 * pair.agreementPpm + (alike ? WHOLE_PPM : 0)) / 10);
}

/** ln of how much likelier what they did is under agreement of the two than by each one's own habit. A habit of more than every
 * second time is taken for that: whoever is always against the crowd has no habit that would explain the other. */
export function logAlike({ rounds, leftAgainst, rightAgainst, bothAgainst }: VotePair): number {
  if (rounds < CONTESTED_MIN) return 0;
  const habit = (against: number): number => Math.min(0.5, Math.max(HABIT_MIN, against / rounds));
  const expected = habit(leftAgainst) * habit(rightAgainst);
  const seen = bothAgainst / rounds;
  if (seen <= expected) return 0;
  const rest = rounds - bothAgainst;
  const both = bothAgainst * Math.log(seen / expected);
  return both + (rest === 0 ? 0 : rest * Math.log((1 - seen) / (1 - expected)));
}

export const votesAlike = (pair: VotePair): boolean =>
  pair.agreementPpm > ALIKE_PPM && logAlike(pair) >= Math.log(ACCUSING_EVIDENCE);

const WHOLE_PPM = 1_000_000;
const HALF_PPM = WHOLE_PPM / 2;
const ALIKE_PPM = 850_000;
const HABIT_MIN = 0.02;
