/** All that is known about who is here and what is wrong, as plain data. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { Certified, Mode, Standing, Step } from "./events.ts";
import { CHECK_EVERY_MS, NAMED_AFTER_MS } from "./limits.ts";

export interface Recovery {
  now: Millis;
  readonly startedAt: Millis;
  readonly key: Uint8Array;
  /** Own place, or −1 of who only follows. */
  me: number;
  /** By place. */
  members: Watched[];
  step: Step;
  mode: Mode;
  checkAt: Millis;
  /** Since when the quorum was lost; kept until all is whole again. */
  lostAt: Millis | undefined;
  /** Of waiting. */
  waitUntil: Millis;
  attempts: number;
  /** One is under way. */
  isAttempting: boolean;
  /** When the next attempt begins, or the one under way has found nobody. */
  attemptAt: Millis;
  /** When the quorum was back. Only what is claimed since then counts. */
  backAt: Millis;
  wasAsked: boolean;
  spokeAt: number;
  standing: Standing;
  /** Ascending by sequence. */
  readonly certified: Certified[];
  /** Up to where was executed when something turned out to be damaged. */
  owed: number | undefined;
  diagnoses: readonly Diagnosis[];
}

export interface Watched {
  readonly key: Uint8Array;
  readonly tag: Uint8Array;
  /** When something signed by it was new here; −∞ before the first. */
  heardAt: number;
  /** When it was first heard after a silence: until its views come it gets the benefit. */
  returnedAt: number;
  /** When it heard each, as it says, by place. */
  seenAt: number[];
  /** Up to where it says that it has executed, and when it said so. */
  executed: number;
  executedAt: number;
  /** Something is proved of it. */
  isConvicted: boolean;
}

export interface RecoveryOptions {
  readonly at: Millis;
  readonly key: Uint8Array;
  readonly keys: readonly Uint8Array[];
  readonly tags: readonly Uint8Array[];
  readonly standing: Standing;
  /** What the journal remembers of two certificates. */
  readonly wasStopped: boolean;
}

/** Whoever starts looks for the others first. */
export function recovery({ at, key, keys, tags, standing, wasStopped }: RecoveryOptions): Recovery {
  return {
    now: at,
    startedAt: at,
    key,
    me: keys.findIndex((each) => bytesEqual(each, key)),
    members: watch(keys, tags),
    step: wasStopped ? "stopped" : "waiting",
    mode: wasStopped ? "stopped" : "holds",
    checkAt: millis(at + CHECK_EVERY_MS),
    lostAt: at,
    waitUntil: millis(at + NAMED_AFTER_MS),
    attempts: 0,
    isAttempting: false,
    attemptAt: at,
    backAt: at,
    wasAsked: false,
    spokeAt: NEVER,
    standing,
    certified: [],
    owed: undefined,
    diagnoses: [],
  };
}

export function watch(keys: readonly Uint8Array[], tags: readonly Uint8Array[]): Watched[] {
  assert(keys.length >= 1 && keys.length <= MEMBERS_MAX, "members keep their bound");
  assert(tags.length === keys.length, "each member has its tag");
  return keys.map((key, at) => watched(key, tags[at], keys.length));
}

const watched = (key: Uint8Array, tag: Uint8Array, count: number): Watched => ({
  key,
  tag,
  heardAt: NEVER,
  returnedAt: NEVER,
  seenAt: new Array<number>(count).fill(NEVER),
  executed: 0,
  executedAt: NEVER,
  isConvicted: false,
});

export const NEVER = Number.NEGATIVE_INFINITY;
