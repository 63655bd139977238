/** The stakes as bytes, and back. The ledger that they belong to has bytes of its own. */
import { branded, decode, encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { choice, list, struct } from "../../../protocol/bytes/compound.ts";
import { bool, byteUpTo, varint } from "../../../protocol/bytes/numbers.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { OBJECT_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { agreedMillis, millis } from "../../../protocol/core/units.ts";
import { AgreedTime, ascending, Digest } from "../../../protocol/message/fields.ts";
import { accountIndex, type Ledger } from "../ledger/ledger.ts";
import { ACCOUNTS_MAX } from "../ledger/limits.ts";
import { Amount, BasisPoints } from "../ledger/snapshot.ts";
import { auditStakes } from "./audit.ts";
import {
  ACCUSATIONS_MAX,
  DEADLINE_MAX_MS,
  EVIDENCE_LENGTH_MAX,
  REPUTATION_MAX_PPM,
  SLASHES_LENGTH_MAX,
  SPAN_MAX_MS,
  STAKERS_MAX,
  UNBONDING_LENGTH_MAX,
} from "./limits.ts";
import { soundStakeRules } from "./rules.ts";
import type { Staker, Stakes } from "./stakes.ts";

const Span = branded(varint(SPAN_MAX_MS), millis);
const Deadline = branded(varint(DEADLINE_MAX_MS), agreedMillis);
const Millionths = varint(REPUTATION_MAX_PPM);

export const SlashReasonLayout = choice("SlashReason", {
  doubleVoting: 1,
  invalidStateTransition: 2,
  messageSpamming: 3,
  eclipseAttackParticipation: 4,
  collusionDetected: 5,
  byzantineFailure: 6,
});

const Condition = struct("SlashCondition", {
  threshold: byteUpTo(EVIDENCE_LENGTH_MAX),
  slashBasisPoints: BasisPoints,
  evidenceWindowMs: Span,
  cooldownAfterSlashMs: Span,
});

const StakeRulesLayout = struct("StakeRules", {
  minimum: Amount,
  lockMs: Span,
  slashPenaltyMs: Span,
  slashPenaltyWindowMs: Span,
  rewardBasisPoints: BasisPoints,
  rewardIntervalMs: Span,
  rewardReputationPpm: Millionths,
  participationReputationPpm: Millionths,
  slashReputationPpm: Millionths,
  recoveryPpm: Millionths,
  evidenceRetentionMs: Span,
  conditions: struct("SlashConditions", {
    doubleVoting: Condition,
    invalidStateTransition: Condition,
    messageSpamming: Condition,
    eclipseAttackParticipation: Condition,
    collusionDetected: Condition,
    byzantineFailure: Condition,
  }),
});

const StakerLayout = struct("Staker", {
  account: branded(varint(ACCOUNTS_MAX - 1), accountIndex),
  lockedUntil: Deadline,
  reputationPpm: Millionths,
  accusations: byteUpTo(ACCUSATIONS_MAX),
  unbonding: list(struct("Unbonding", { chips: Amount, releaseAt: Deadline }), UNBONDING_LENGTH_MAX),
  evidence: list(
    struct("EvidenceEntry", { digest: Digest, reason: SlashReasonLayout, at: AgreedTime, spent: bool }),
    EVIDENCE_LENGTH_MAX,
  ),
  slashes: list(struct("Slash", { reason: SlashReasonLayout, at: AgreedTime, chips: Amount }), SLASHES_LENGTH_MAX),
});

export const StakesLayout = struct("Stakes", {
  rules: StakeRulesLayout,
  nextRewardAt: Deadline,
  stakers: ascending(StakerLayout, STAKERS_MAX, (left, right) => left.account < right.account),
});

export const takeStakesSnapshot = (stakes: Stakes): Uint8Array => encode(StakesLayout, stakes);

/** Undefined where the bytes are no stakes, or not those of this ledger. */
export function restoreStakes(snapshot: Uint8Array, ledger: Ledger): Stakes | undefined {
  const decoded = decode(StakesLayout, snapshot);
  if (!decoded.ok || !soundStakeRules(decoded.value.rules)) return undefined;
  const { rules, nextRewardAt, stakers } = decoded.value;
  const stakes: Stakes = { rules, stakers: stakers.map(ownStaker), nextRewardAt };
  return auditStakes(stakes, ledger) ? stakes : undefined;
}

const ownStaker = (staker: ValueOf<typeof StakerLayout>): Staker => ({
  ...staker,
  unbonding: [...staker.unbonding],
  evidence: staker.evidence.map((each) => ({ ...each, digest: new Uint8Array(each.digest) })),
  slashes: [...staker.slashes],
});

assert(StakesLayout.sizeMax <= OBJECT_SIZE_MAX * 0.5, "the stakes leave room in a snapshot for all else");
