/** What kiosks have staked their honesty on, and what is known against them. The chips themselves are in the ledger, at the
 * account's `stake` and `unbonding`; here is since when, until when, and why. */
import { assert } from "../../../protocol/core/assert.ts";
import { TIME_MAX_MS } from "../../../protocol/core/limits.ts";
import { type AgreedMillis, agreedMillis, type Chips } from "../../../protocol/core/units.ts";
import type { AccountIndex, Ledger } from "../ledger/ledger.ts";
import { type Refused, refused } from "../ledger/refusal.ts";
import { type SlashReason, type StakeRules, soundStakeRules } from "./rules.ts";

export interface Stakes {
  readonly rules: StakeRules;
  /** Who ever staked, by account. */
  readonly stakers: Staker[];
  /** Rewards are due from here on. */
  nextRewardAt: AgreedMillis;
}

export interface Staker {
  readonly account: AccountIndex;
  /** What is staked now leaves no earlier; it is never set back. */
  lockedUntil: AgreedMillis;
  reputationPpm: number;
  /** Accusations that are not decided. */
  accusations: number;
  /** On the way out, in the order in which it was asked for. */
  unbonding: Unbonding[];
  /** By the time at which it was agreed on. */
  evidence: EvidenceEntry[];
  slashes: Slash[];
}

export interface Unbonding {
  readonly chips: Chips;
  readonly releaseAt: AgreedMillis;
}

export interface EvidenceEntry {
  readonly digest: Uint8Array;
  readonly reason: SlashReason;
  readonly at: AgreedMillis;
  /** A slash has counted it. */
  readonly spent: boolean;
}

export interface Slash {
  readonly reason: SlashReason;
  readonly at: AgreedMillis;
  readonly chips: Chips;
}

export function foundStakes(
  rules: StakeRules,
  time: AgreedMillis,
): { readonly ok: true; readonly stakes: Stakes } | Refused {
  assertTime(time);
  if (!soundStakeRules(rules)) return refused("unsound rules");
  const nextRewardAt = agreedMillis(time + rules.rewardIntervalMs);
  return { ok: true, stakes: { rules: structured(rules), stakers: [], nextRewardAt } };
}

export function findStaker({ stakers }: Stakes, account: AccountIndex): Staker | undefined {
  for (const staker of stakers) if (staker.account === account) return staker;
  return undefined;
}

export const stakeOf = ({ accounts }: Ledger, { account }: Staker): Chips => accounts[account].stake;

/** All that a slash can reach: leaving takes nothing out of its reach before it is through. */
export const slashableOf = ({ accounts }: Ledger, { account }: Staker): number =>
  accounts[account].stake + accounts[account].unbonding;

export const isActive = ({ rules }: Stakes, ledger: Ledger, staker: Staker): boolean =>
  stakeOf(ledger, staker) >= rules.minimum;

/** What is not too old to be held against anybody, and so not to be forgotten either. */
export const remembered = <Entry extends { readonly at: AgreedMillis }>(
  entries: readonly Entry[],
  rules: StakeRules,
  time: AgreedMillis,
): Entry[] => entries.filter(({ at }) => at > time - rules.evidenceRetentionMs);

/** Agreed time comes from a batch that was judged: another is our fault. */
export function assertTime(time: AgreedMillis): void {
  assert(Number.isSafeInteger(time) && time >= 0 && time <= TIME_MAX_MS, "agreed time is a moment");
}

const structured = (rules: StakeRules): StakeRules => ({ ...rules, conditions: { ...rules.conditions } });
