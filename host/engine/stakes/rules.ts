/** What a table may set about stakes, and what each offence costs. The rules are part of the table's state and change at a
 * barrier alone. */
import { type Chips, chips, type Millis, millis } from "../../../protocol/core/units.ts";
import { amountFault } from "../ledger/amounts.ts";
import { WHOLE_BASIS_POINTS } from "../ledger/limits.ts";
import {
  DAY_MS,
  EVIDENCE_LENGTH_MAX,
  HOUR_MS,
  REPUTATION_MAX_PPM,
  REWARD_INTERVAL_MIN_MS,
  SPAN_MAX_MS,
} from "./limits.ts";

export type SlashReason = (typeof SLASH_REASONS)[number];
/** In the order of their codes. */
export const SLASH_REASONS = Object.freeze([
  "doubleVoting",
  "invalidStateTransition",
  "messageSpamming",
  "eclipseAttackParticipation",
  "collusionDetected",
  "byzantineFailure",
] as const);

export interface SlashCondition {
  /** Independent evidence within the window, from which on it costs. */
  readonly threshold: number;
  /** Of all that can be slashed. */
  readonly slashBasisPoints: number;
  /** How long a piece of evidence counts. */
  readonly evidenceWindowMs: Millis;
  /** How long after a slash no other follows for the same reason. */
  readonly cooldownAfterSlashMs: Millis;
}

export interface StakeRules {
  /** Less is no stake. */
  readonly minimum: Chips;
  /** From staking, and from asking to leave. */
  readonly lockMs: Millis;
  /** Longer by so much for each slash … */
  readonly slashPenaltyMs: Millis;
  /** … of so lately. */
  readonly slashPenaltyWindowMs: Millis;
  /** Of the pool, what is shared at most each time … */
  readonly rewardBasisPoints: number;
  /** … and how far apart the times are. */
  readonly rewardIntervalMs: Millis;
  /** Rewards, and taking part, want more reputation than this. */
  readonly rewardReputationPpm: number;
  readonly participationReputationPpm: number;
  /** What a slash leaves of a reputation. */
  readonly slashReputationPpm: number;
  /** What an interval without a slash gives back of what is lacking. */
  readonly recoveryPpm: number;
  /** How long evidence is remembered, so that it does not count again. */
  readonly evidenceRetentionMs: Millis;
  readonly conditions: { readonly [Reason in SlashReason]: SlashCondition };
}

const condition = (threshold: number, percent: number, windowMs: number, cooldownMs: number): SlashCondition =>
  Object.freeze({
    threshold,
    slashBasisPoints: percent * 100,
    evidenceWindowMs: millis(windowMs),
    cooldownAfterSlashMs: millis(cooldownMs),
  });

const MINUTE_MS = HOUR_MS / 60;

export const STANDARD_CONDITIONS: StakeRules["conditions"] = Object.freeze({
  doubleVoting: condition(1, 50, DAY_MS, DAY_MS),
  invalidStateTransition: condition(1, 10, DAY_MS, HOUR_MS),
  messageSpamming: condition(5, 10, 5 * MINUTE_MS, 5 * MINUTE_MS),
  eclipseAttackParticipation: condition(3, 25, HOUR_MS, HOUR_MS),
  collusionDetected: condition(3, 30, HOUR_MS, HOUR_MS),
  byzantineFailure: condition(2, 25, 30 * MINUTE_MS, 30 * MINUTE_MS),
});

export const STANDARD_STAKE_RULES: StakeRules = Object.freeze({
  minimum: chips(1_000),
  lockMs: millis(7 * DAY_MS),
  slashPenaltyMs: millis(DAY_MS),
  slashPenaltyWindowMs: millis(DAY_MS),
  rewardBasisPoints: 100,
  rewardIntervalMs: millis(HOUR_MS),
  rewardReputationPpm: 500_000,
  participationReputationPpm: 300_000,
  slashReputationPpm: 800_000,
  recoveryPpm: 10_000,
  evidenceRetentionMs: millis(30 * DAY_MS),
  conditions: STANDARD_CONDITIONS,
});

export function soundStakeRules(rules: StakeRules): boolean {
  const kept = rules.evidenceRetentionMs;
  return (
    amountFault(rules.minimum, 1) === undefined &&
    [rules.lockMs, rules.slashPenaltyMs, kept].every((span) => within(span, 0, SPAN_MAX_MS)) &&
    // What is slashed for must be in reach for as long as anybody may bring evidence of it.
    within(rules.slashPenaltyWindowMs, 0, kept) &&
    within(rules.rewardBasisPoints, 0, WHOLE_BASIS_POINTS) &&
    within(rules.rewardIntervalMs, REWARD_INTERVAL_MIN_MS, kept) &&
    [rules.rewardReputationPpm, rules.participationReputationPpm, rules.slashReputationPpm, rules.recoveryPpm].every(
      (part) => within(part, 0, REPUTATION_MAX_PPM),
    ) &&
    SLASH_REASONS.every((reason) => soundCondition(rules.conditions[reason], kept))
  );
}

function soundCondition(each: SlashCondition, kept: number): boolean {
  return (
    within(each.threshold, 1, EVIDENCE_LENGTH_MAX) &&
    within(each.slashBasisPoints, 1, WHOLE_BASIS_POINTS) &&
    within(each.evidenceWindowMs, 1, kept) &&
    within(each.cooldownAfterSlashMs, 0, kept)
  );
}

const within = (value: number, min: number, max: number): boolean =>
  Number.isInteger(value) && value >= min && value <= max && !Object.is(value, -0);
