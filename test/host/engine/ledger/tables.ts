/** Ledgers to try things on, and what is true of each of them at any time. */
import { expect } from "vitest";
import { openAccount } from "../../../../host/engine/ledger/accounts.ts";
import { audit } from "../../../../host/engine/ledger/audit.ts";
import { type Founding, foundLedger } from "../../../../host/engine/ledger/genesis.ts";
import { grant } from "../../../../host/engine/ledger/grants.ts";
import { type AccountIndex, accountIndex, type Ledger } from "../../../../host/engine/ledger/ledger.ts";
import { type LedgerRules, STANDARD_LEDGER_RULES } from "../../../../host/engine/ledger/rules.ts";
import { takeLedgerSnapshot } from "../../../../host/engine/ledger/snapshot.ts";

export const digest = (number: number): Uint8Array => {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(28, number);
  return bytes;
};

export const account = accountIndex;
export const NOBODY = account(99);

export function found(founding: Partial<Founding> = {}, rules: Partial<LedgerRules> = {}): Ledger {
  const result = foundLedger(
    { ...STANDARD_LEDGER_RULES, ...rules },
    { bank: 1_000_000, pool: 10_000, allotments: [], ...founding },
  );
  if (!result.ok) throw new Error(result.why);
  return result.ledger;
}

/** So many players, each with a grant. */
export function withPlayers(count: number, founding?: Partial<Founding>, rules?: Partial<LedgerRules>): Ledger {
  const ledger = found(founding, rules);
  for (let i = 0; i < count; i++) admit(ledger, i);
  return ledger;
}

export function admit(ledger: Ledger, number: number): AccountIndex {
  const opened = openAccount(ledger, digest(1_000 + number));
  if (!opened.ok) throw new Error(opened.why);
  expect(grant(ledger, opened.account, digest(2_000 + number))).toEqual({ ok: true });
  return opened.account;
}

/** The next spending of an account. */
export const next = (ledger: Ledger, player: AccountIndex): { account: AccountIndex; counter: number } => ({
  account: player,
  counter: ledger.accounts[player].nextCounter,
});

/** The word of the refusal; and nothing moved. */
export function refusal(ledger: Ledger, act: () => { readonly ok: boolean; readonly why?: string }): string {
  const before = structuredClone(ledger);
  const result = act();
  expect(result.ok).toBe(false);
  expect(ledger).toEqual(before);
  return result.why as string;
}

export function expectSound(ledger: Ledger): void {
  expect(audit(ledger)).toEqual({ ok: true });
}

export const hexOf = (ledger: Ledger): string => Buffer.from(takeLedgerSnapshot(ledger)).toString("hex");

/** Numbers that are no amount, and what each is called. */
export const NO_AMOUNTS: readonly (readonly [number, string])[] = [
  [0, "out of range"],
  [-0, "out of range"],
  [-1, "out of range"],
  [2 ** 53, "out of range"],
  [-(2 ** 53), "out of range"],
  [1e300, "out of range"],
  [0.5, "not whole"],
  [1.0000000001, "not whole"],
  [Number.NaN, "not whole"],
  [Number.POSITIVE_INFINITY, "not whole"],
  [Number.NEGATIVE_INFINITY, "not whole"],
];
