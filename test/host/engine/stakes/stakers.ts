/** Kiosks with chips to stake, and what is true of their stakes at any time. */
import { expect } from "vitest";
import { audit } from "../../../../host/engine/ledger/audit.ts";
import type { AccountIndex, Ledger } from "../../../../host/engine/ledger/ledger.ts";
import { STANDARD_POOL } from "../../../../host/engine/ledger/rules.ts";
import { auditStakes } from "../../../../host/engine/stakes/audit.ts";
import { type SlashReason, STANDARD_STAKE_RULES, type StakeRules } from "../../../../host/engine/stakes/rules.ts";
import { type Recorded, recordEvidence } from "../../../../host/engine/stakes/slashing.ts";
import { takeStakesSnapshot } from "../../../../host/engine/stakes/snapshot.ts";
import { findStaker, foundStakes, type Staker, type Stakes } from "../../../../host/engine/stakes/stakes.ts";
import { addStake } from "../../../../host/engine/stakes/staking.ts";
import { type AgreedMillis, agreedMillis } from "../../../../protocol/core/units.ts";
import { account, digest, found, next } from "../ledger/tables.ts";

export const START = 1_767_225_600_000;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const at = (ms: number): AgreedMillis => agreedMillis(START + ms);

export interface Economy {
  readonly ledger: Ledger;
  readonly stakes: Stakes;
}

/** So many kiosks with so many free chips each. */
export function economy(
  kiosks: number,
  chips = 100_000,
  rules: Partial<StakeRules> = {},
  pool: number = STANDARD_POOL,
): Economy {
  const allotments = Array.from({ length: kiosks }, (_, i) => ({ owner: digest(i), chips }));
  const ledger = found({ bank: 10_000_000, pool, allotments });
  const founded = foundStakes({ ...STANDARD_STAKE_RULES, ...rules }, at(0));
  if (!founded.ok) throw new Error(founded.why);
  return { ledger, stakes: founded.stakes };
}

/** The first so many kiosks have staked so much each. */
export function staked(amounts: readonly number[], rules?: Partial<StakeRules>, pool?: number): Economy {
  const each = economy(amounts.length, 100_000, rules, pool);
  amounts.forEach((amount, i) => {
    expect(stake(each, i, amount, 0)).toEqual({ ok: true });
  });
  return each;
}

export const stake = (
  { stakes, ledger }: Economy,
  kiosk: number,
  chips: number,
  ms: number,
): { readonly ok: boolean } => addStake(stakes, ledger, { ...next(ledger, account(kiosk)), chips }, at(ms));

export const stakerOf = ({ stakes }: Economy, kiosk: number): Staker => {
  const staker = findStaker(stakes, account(kiosk));
  if (staker === undefined) throw new Error("nobody staked there");
  return staker;
};

/** Free, staked and on the way out. */
export const chipsOf = ({ ledger }: Economy, kiosk: number): readonly number[] => {
  const { free, stake, unbonding } = ledger.accounts[kiosk];
  return [free, stake, unbonding];
};

/** Evidence number so and so. */
export function accuse(
  each: Economy,
  kiosk: AccountIndex | number,
  reason: SlashReason,
  number: number,
  ms: number,
): ReturnType<typeof recordEvidence> {
  const result = recordEvidence(
    each.stakes,
    each.ledger,
    { account: account(kiosk), reason, digest: digest(number) },
    at(ms),
  );
  expectSound(each);
  return result;
}

/** What it cost; undefined where it was recorded only. */
export function slashed(...of: Parameters<typeof accuse>): number | undefined {
  const result = accuse(...of);
  if (!result.ok) throw new Error(result.why);
  return (result as Recorded).slashed ? result.chips : undefined;
}

export function expectSound({ ledger, stakes }: Economy): void {
  expect(audit(ledger)).toEqual({ ok: true });
  expect(auditStakes(stakes, ledger)).toBe(true);
}

export const stakesHexOf = ({ stakes }: Economy): string => Buffer.from(takeStakesSnapshot(stakes)).toString("hex");

/** The word of the refusal; and nothing moved. */
export function refusal(each: Economy, act: () => { readonly ok: boolean; readonly why?: string }): string {
  const before = structuredClone(each);
  const result = act();
  expect(result.ok).toBe(false);
  expect(each).toEqual(before);
  return result.why as string;
}
