/** Evidence, and what it costs. Who calls has checked the evidence: it accuses from signed bytes alone. Suspicion never comes
 * here. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { DIGEST_SIZE } from "../../../protocol/core/limits.ts";
import { type AgreedMillis, type Chips, chips } from "../../../protocol/core/units.ts";
import { partDown } from "../ledger/amounts.ts";
import type { AccountIndex, Ledger } from "../ledger/ledger.ts";
import { WHOLE_BASIS_POINTS } from "../ledger/limits.ts";
import { type Done, type Refused, refused } from "../ledger/refusal.ts";
import { move, POOL, placeOf } from "../ledger/transfer.ts";
import { EVIDENCE_LENGTH_MAX, REPUTATION_MAX_PPM, SLASHES_LENGTH_MAX } from "./limits.ts";
import type { StakeRefusal } from "./refusal.ts";
import type { SlashReason, StakeRules } from "./rules.ts";
import { assertTime, findStaker, remembered, type Staker, type Stakes, slashableOf, stakeOf } from "./stakes.ts";
import { unbond } from "./staking.ts";

export interface Accusation {
  readonly account: AccountIndex;
  readonly reason: SlashReason;
  /** Of the evidence in its one encoding: the same offence told in two ways must have one. */
  readonly digest: Uint8Array;
}

export interface Recorded extends Done {
  /** Evidence that counts toward the next slash, this one included; zero after a slash. */
  readonly counted: number;
  /** True where this evidence was one too many. What it cost may be nothing, where nothing was left. */
  readonly slashed: boolean;
  /** To the pool. */
  readonly chips: Chips;
}

/** Keeps the evidence, and slashes where there is enough of it and the last slash for the same reason is over. */
export function recordEvidence(
  stakes: Stakes,
  ledger: Ledger,
  { account, reason, digest }: Accusation,
  time: AgreedMillis,
): Recorded | Refused<StakeRefusal> {
  assertTime(time);
  if (digest.length !== DIGEST_SIZE) return refused("wrong size");
  const staker = findStaker(stakes, account);
  if (staker === undefined) return refused("not staked");
  const kept = remembered(staker.evidence, stakes.rules, time);
  if (kept.some((each) => bytesEqual(each.digest, digest))) return refused("known evidence");
  if (kept.length >= EVIDENCE_LENGTH_MAX) return refused("evidence full");

  kept.push({ digest: new Uint8Array(digest), reason, at: time, spent: false });
  staker.evidence = kept;
  const { threshold, evidenceWindowMs } = stakes.rules.conditions[reason];
  const counts = (each: Staker["evidence"][number]): boolean =>
    each.reason === reason && !each.spent && each.at > time - evidenceWindowMs;
  const counted = kept.filter(counts).length;
  if (counted < threshold || isCooling(stakes.rules, staker, reason, time)) {
    return { ok: true, counted, slashed: false, chips: chips(0) };
  }
  staker.evidence = kept.map((each) => (counts(each) ? { ...each, spent: true } : each));
  return { ok: true, counted: 0, slashed: true, chips: slash(stakes, ledger, staker, reason, time) };
}

/** Whether a slash for this reason is still too fresh for another. */
function isCooling(rules: StakeRules, staker: Staker, reason: SlashReason, time: AgreedMillis): boolean {
  const { cooldownAfterSlashMs } = rules.conditions[reason];
  return staker.slashes.some((each) => each.reason === reason && time < each.at + cooldownAfterSlashMs);
}

function slash(stakes: Stakes, ledger: Ledger, staker: Staker, reason: SlashReason, time: AgreedMillis): Chips {
  const { rules } = stakes;
  const reach = chips(slashableOf(ledger, staker));
  const part = partDown(reach, rules.conditions[reason].slashBasisPoints, WHOLE_BASIS_POINTS);
  const taken = seize(ledger, staker, part);
  staker.slashes = remembered(staker.slashes, rules, time);
  staker.slashes.push({ reason, at: time, chips: taken });
  assert(staker.slashes.length <= SLASHES_LENGTH_MAX, "each slash took evidence that is remembered as long");
  staker.reputationPpm = partDown(staker.reputationPpm, rules.slashReputationPpm, REPUTATION_MAX_PPM);
  // Too little to be a stake is no reason to keep it for ever, nor to let it vanish.
  const left = stakeOf(ledger, staker);
  if (left > 0 && left < rules.minimum) unbond(stakes, ledger, staker, left, time);
  return taken;
}

/** Takes so much to the pool, or all there is: the stake first, then what is on its way out, the last asked for first. */
export function seize(ledger: Ledger, staker: Staker, amount: Chips): Chips {
  const fromStake = Math.min(amount, stakeOf(ledger, staker));
  move(ledger, placeOf(staker.account, "stake"), POOL, chips(fromStake));
  let wanted = amount - fromStake;
  let fromUnbonding = 0;
  while (wanted > 0) {
    const last = staker.unbonding.pop();
    if (last === undefined) break;
    const part = Math.min(wanted, last.chips);
    if (part < last.chips) staker.unbonding.push({ ...last, chips: chips(last.chips - part) });
    wanted -= part;
    fromUnbonding += part;
  }
  move(ledger, placeOf(staker.account, "unbonding"), POOL, chips(fromUnbonding));
  return chips(fromStake + fromUnbonding);
}
