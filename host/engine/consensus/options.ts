/** How a table agrees. All members of a table have the same. */
import type { Profile } from "../timing/profiles.ts";

export interface Options {
  /** Sequences between two checkpoints. */
  readonly checkpointEvery: number;
  /** Sequences open at once, at most SLOTS_MAX. */
  readonly window: number;
  /** Requests in one batch. */
  readonly batchLengthMax: number;
  /** Decide on the prepares of everyone, without commits. */
  readonly fastPath: boolean;
  /** Several votes under one signature. Without it each vote is said alone. */
  readonly bundles: boolean;
  /** Leave votes unverified that change nothing. */
  readonly lazy: boolean;
  /** Versions of the rules that this software can play, ascending. */
  readonly rules: readonly number[];
  readonly profile: Profile;
}
