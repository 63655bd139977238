import { describe, expect, test } from "vitest";
import { audit } from "../../../../host/engine/ledger/audit.ts";
import { wager } from "../../../../host/engine/ledger/bets.ts";
import type { Ledger } from "../../../../host/engine/ledger/ledger.ts";
import { LedgerLayout, restoreLedger, takeLedgerSnapshot } from "../../../../host/engine/ledger/snapshot.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { chips } from "../../../../protocol/core/units.ts";
import { account, digest, found, next, withPlayers } from "./tables.ts";

function lively(): Ledger {
  const ledger = withPlayers(3, { allotments: [{ owner: digest(1), chips: 5_000 }] });
  wager(ledger, { ...next(ledger, account(1)), chips: 25, exposure: 700 });
  return ledger;
}

describe("a ledger as bytes", () => {
  test("comes back as it was, in bytes of its own", () => {
    const ledger = lively();
    const bytes = Buffer.from(takeLedgerSnapshot(ledger));
    const restored = restoreLedger(bytes);
    expect(restored).toEqual(ledger);
    bytes.fill(0);
    expect(restored).toEqual(ledger);
    expect(structuredClone(ledger)).toEqual(ledger);
    expect(restoreLedger(takeLedgerSnapshot(found()))).toEqual(found());
  });

  test("is refused cut short or with something left over", () => {
    const bytes = takeLedgerSnapshot(lively());
    for (let size = 0; size < bytes.length; size++) expect(restoreLedger(bytes.subarray(0, size))).toBeUndefined();
    expect(restoreLedger(Uint8Array.of(...bytes, 0))).toBeUndefined();
  });

  test("is refused where a chip is missing or one too many, wherever it is [M01]", () => {
    for (const wrong of [-1, 1]) {
      for (const place of ["minted", "bank", "pool", "burned"] as const) {
        const ledger = lively();
        ledger.burned = chips(5);
        (ledger as { minted: number }).minted += 5;
        expect(restoreLedger(encode(LedgerLayout, ledger))).toBeDefined();
        (ledger as { -readonly [K in typeof place]: number })[place] += wrong;
        expect([place, restoreLedger(encode(LedgerLayout, ledger))]).toEqual([place, undefined]);
      }
      for (const part of ["free", "locked"] as const) {
        const ledger = lively();
        ledger.accounts[1][part] = chips(ledger.accounts[1][part] + wrong);
        expect(restoreLedger(encode(LedgerLayout, ledger))).toBeUndefined();
      }
    }
  });

  test("is refused where more is promised than there is, where two own the same, and by rules that are none", () => {
    const changed = (change: (ledger: Ledger) => void): unknown => {
      const ledger = lively();
      change(ledger);
      return restoreLedger(encode(LedgerLayout, ledger));
    };
    expect(changed(() => {})).toBeDefined();
    expect(changed((ledger) => (ledger.reserved = chips(ledger.bank + 1)))).toBeUndefined();
    expect(changed((ledger) => ledger.accounts[0].owner.set(ledger.accounts[2].owner))).toBeUndefined();
    expect(changed((ledger) => ledger.accounts[1].identity?.set(ledger.accounts[2].identity!))).toBeUndefined();
    expect(changed((ledger) => ((ledger.rules as { betBasisPoints: number }).betBasisPoints = 101))).toBeUndefined();
    expect(changed((ledger) => ((ledger as { bankFloor: number }).bankFloor = ledger.minted + 1))).toBeUndefined();
  });
});

describe("an audit", () => {
  test("finds one chip too many or too few in any place, and says how many [M01] [P03]", () => {
    for (const wrong of [-1, 1]) {
      for (const part of ["free", "locked", "stake", "unbonding"] as const) {
        const ledger = lively();
        ledger.accounts[1].stake = ledger.accounts[1].unbonding = ledger.accounts[1].locked = chips(10);
        const difference = ledger.accounts[1].stake * 2 + 10 - 25;
        ledger.bank = chips(ledger.bank - difference);
        expect(audit(ledger)).toEqual({ ok: true });
        ledger.accounts[1][part] = chips(ledger.accounts[1][part] + wrong);
        expect(audit(ledger)).toEqual({ ok: false, why: "not conserved", difference: wrong });
      }
      for (const place of ["bank", "pool", "burned"] as const) {
        const ledger = lively();
        ledger.burned = chips(1);
        ledger.pool = chips(ledger.pool - 1);
        ledger[place] = chips(ledger[place] + wrong);
        expect(audit(ledger)).toEqual({ ok: false, why: "not conserved", difference: wrong });
      }
    }
  });

  test("finds what is no amount, what is over-promised, and a sum that was not kept", () => {
    const fault = (change: (ledger: Ledger) => void): unknown => {
      const ledger = lively();
      change(ledger);
      const result = audit(ledger);
      return result.ok ? "ok" : result.why;
    };
    expect(fault((ledger) => (ledger.accounts[0].free = chips(Number.NaN)))).toBe("no amount");
    expect(fault((ledger) => (ledger.accounts[0].stake = chips(-1)))).toBe("no amount");
    expect(fault((ledger) => (ledger.pool = chips(0.5)))).toBe("no amount");
    expect(fault((ledger) => (ledger.reserved = chips(ledger.bank + 1)))).toBe("over-promised");
    expect(fault((ledger) => (ledger.counted = chips(ledger.counted - 1)))).toBe("miscounted");
  });
});
