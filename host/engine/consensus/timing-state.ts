/** The deadlines of a replica and what they are computed from, as plain data. */
import { agreedMillis, type Millis } from "../../../protocol/core/units.ts";
import { type AdaptiveTimeout, adaptiveTimeout } from "../timing/adaptive.ts";
import { type AgreedClock, agreedClock } from "../timing/agreed-clock.ts";
import { type BackOff, backOff } from "../timing/back-off.ts";
import type { Profile } from "../timing/profiles.ts";

export interface Timing {
  /** As the links are now. */
  profile: Profile;
  readonly clock: AgreedClock;
  readonly adaptive: AdaptiveTimeout;
  readonly patience: BackOff;
  /** Of the fast path: waited for in vain, one after the other; and since when it is given up. */
  misses: number;
  givenUpAt: number;
  /** A batch that is not full may go now. */
  flush: boolean;
  /** A batch that is not full is proposed then; a commit or a checkpoint that rides on nothing is said then. */
  batchAt: Millis | undefined;
  commitAt: Millis | undefined;
  checkpointAt: Millis | undefined;
  /** What is missing is asked for then; each time in vain waits twice as long. */
  statusAt: Millis;
  attempt: number;
  /** The last time that something was executed. */
  progressAt: Millis;
  /** Since when a proposal is open without anything being executed. */
  openAt: Millis | undefined;
  enteredAt: Millis;
  /** The new view's time is over; undefined before a quorum wants it. */
  newViewAt: Millis | undefined;
  /** A proposal whose time lay too far ahead is looked at again. */
  timeAt: Millis | undefined;
  /** By member: when its status was answered last. */
  answeredAt: number[];
}

export function timing(profile: Profile, members: number, last: number, wallMs: number, at: Millis): Timing {
  return {
    profile,
    clock: agreedClock(members, agreedMillis(last), wallMs, at),
    adaptive: adaptiveTimeout(profile),
    patience: backOff(),
    misses: 0,
    givenUpAt: 0,
    flush: false,
    batchAt: undefined,
    commitAt: undefined,
    checkpointAt: undefined,
    statusAt: at,
    attempt: 0,
    progressAt: at,
    openAt: undefined,
    enteredAt: at,
    newViewAt: undefined,
    timeAt: undefined,
    answeredAt: new Array(members).fill(Number.NEGATIVE_INFINITY),
  };
}
