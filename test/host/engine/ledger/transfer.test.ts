import { describe, expect, test } from "vitest";
import { audit } from "../../../../host/engine/ledger/audit.ts";
import { type Founding, foundLedger } from "../../../../host/engine/ledger/genesis.ts";
import { type Ledger, type Part, worthOf } from "../../../../host/engine/ledger/ledger.ts";
import { ACCOUNTS_MAX, CHIPS_MAX } from "../../../../host/engine/ledger/limits.ts";
import { STANDARD_LEDGER_RULES } from "../../../../host/engine/ledger/rules.ts";
import { takeLedgerSnapshot } from "../../../../host/engine/ledger/snapshot.ts";
import {
  BANK,
  BURNED,
  balanceOf,
  move,
  type Place,
  POOL,
  placeOf,
  transfer,
} from "../../../../host/engine/ledger/transfer.ts";
import { bytesEqual } from "../../../../protocol/bytes/equal.ts";
import { type Chance, chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { chips } from "../../../../protocol/core/units.ts";
import { account, digest, expectSound, found, NO_AMOUNTS, NOBODY, refusal, withPlayers } from "./tables.ts";

const FREE = placeOf(account(0), "free");

describe("chips", () => {
  test("are all made at the founding", () => {
    const ledger = found({ bank: 70, pool: 20, allotments: [{ owner: digest(1), chips: 9 }] });
    expect([ledger.minted, ledger.bank, ledger.pool, ledger.burned]).toEqual([99, 70, 20, 0]);
    expect(ledger.accounts.map(({ free }) => free)).toEqual([9]);
    expectSound(ledger);
  });

  test("are never more than 2^53 − 1 in all [M01]", () => {
    const foundWith = (founding: Partial<Founding>): string => {
      const result = foundLedger(STANDARD_LEDGER_RULES, { bank: 0, pool: 0, allotments: [], ...founding });
      return result.ok ? "ok" : result.why;
    };
    expect(foundWith({ bank: CHIPS_MAX })).toBe("ok");
    expect(foundWith({ bank: CHIPS_MAX, pool: 1 })).toBe("out of range");
    expect(foundWith({ bank: CHIPS_MAX - 5, allotments: [{ owner: digest(1), chips: 6 }] })).toBe("out of range");
    expect(foundWith({ bank: 2 ** 53 })).toBe("out of range");
    expect(foundWith({ bank: -1 })).toBe("out of range");
    expect(foundWith({ pool: 0.5 })).toBe("not whole");
    const twice = { owner: digest(1), chips: 1 };
    expect(foundWith({ allotments: [twice, twice] })).toBe("account exists");
    expect(foundWith({ allotments: [{ owner: new Uint8Array(31), chips: 1 }] })).toBe("wrong size");
    const many = Array.from({ length: ACCOUNTS_MAX + 1 }, (_, i) => ({ owner: digest(i), chips: 1 }));
    expect(foundWith({ allotments: many })).toBe("full");
  });

  test("arrive in the number in which they leave, and nowhere else [M01]", () => {
    const ledger = withPlayers(2, { bank: 5_000, pool: 0 });
    expect(transfer(ledger, FREE, placeOf(account(1), "stake"), 300)).toEqual({ ok: true });
    expect(transfer(ledger, FREE, POOL, 1)).toEqual({ ok: true });
    expect(transfer(ledger, BANK, BURNED, 2_000)).toEqual({ ok: true });
    expect(ledger.accounts.map(({ free, locked, stake, unbonding }) => [free, locked, stake, unbonding])).toEqual([
      [699, 0, 0, 0],
      [1_000, 0, 300, 0],
    ]);
    expect([ledger.bank, ledger.pool, ledger.burned]).toEqual([1_000, 1, 2_000]);
    expectSound(ledger);
  });

  test("do not move in a number that is none, out of where they are not, or to nobody [M01]", () => {
    const ledger = withPlayers(2);
    const other = placeOf(account(1), "free");
    for (const [amount, why] of NO_AMOUNTS) {
      expect([amount, refusal(ledger, () => transfer(ledger, FREE, other, amount))]).toEqual([amount, why]);
    }
    expect(refusal(ledger, () => transfer(ledger, FREE, other, 1_001))).toBe("not enough");
    expect(refusal(ledger, () => transfer(ledger, placeOf(account(0), "locked"), other, 1))).toBe("not enough");
    expect(refusal(ledger, () => transfer(ledger, placeOf(NOBODY, "free"), other, 1))).toBe("unknown account");
    expect(refusal(ledger, () => transfer(ledger, FREE, placeOf(NOBODY, "free"), 1))).toBe("unknown account");
    expect(refusal(ledger, () => transfer(ledger, FREE, placeOf(account(-1), "free"), 1))).toBe("unknown account");
    expect(refusal(ledger, () => transfer(ledger, FREE, placeOf(account(0.5), "free"), 1))).toBe("unknown account");
    expect(refusal(ledger, () => transfer(ledger, FREE, FREE, 1))).toBe("same place");
    expect(refusal(ledger, () => transfer(ledger, BANK, BANK, 1))).toBe("same place");
    expect(refusal(ledger, () => transfer(ledger, BURNED, FREE, 1))).toBe("burned");
  });

  test("up to the last one can be in one place [M01]", () => {
    const ledger = found({ bank: CHIPS_MAX - 7, pool: 7 });
    expect(transfer(ledger, POOL, BANK, 7)).toEqual({ ok: true });
    expect(ledger.bank).toBe(CHIPS_MAX);
    expect(transfer(ledger, BANK, POOL, CHIPS_MAX)).toEqual({ ok: true });
    expectSound(ledger);
    expect(() => move(ledger, BANK, POOL, chips(1))).toThrow("neither negative");
  });

  test("that the bank has promised stay there", () => {
    const ledger = found({ bank: 100 });
    ledger.reserved = chips(60);
    expect(refusal(ledger, () => transfer(ledger, BANK, POOL, 41))).toBe("not enough");
    expect(transfer(ledger, BANK, POOL, 40)).toEqual({ ok: true });
  });

  test("are conserved over a hundred thousand random transfers, and what is refused moves nothing [M01]", () => {
    const from = chance(20_261_121);
    const ledger = withPlayers(6, { bank: 20_000, pool: 5_000 });
    const outcomes: { [why: string]: number } = {};
    for (let i = 0; i < 100_000; i++) {
      const [source, target, amount] = [anyPlace(from), anyPlace(from), anyAmount(from)];
      const before = [source, target].map((place) => (isKnown(ledger, place) ? balanceOf(ledger, place) : 0));
      const bytes = takeLedgerSnapshot(ledger);
      const result = transfer(ledger, source, target, amount);
      const outcome = result.ok ? "ok" : result.why;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (result.ok) {
        const after = [source, target].map((place) => balanceOf(ledger, place));
        if (after[0] !== before[0] - amount || after[1] !== before[1] + amount) expect.fail(`${i}: one-sided`);
      } else if (!bytesEqual(takeLedgerSnapshot(ledger), bytes)) expect.fail(`${i}: moved by a refusal`);
      if (!audit(ledger).ok) expect.fail(`${i}: not conserved`);
      const { bank, pool, burned, accounts } = ledger;
      const found = accounts.reduce((sum, each) => sum + worthOf(each), bank + pool + burned);
      if (found !== 25_000) expect.fail(`${i}: ${found} chips`);
    }
    expect(Object.keys(outcomes).sort()).toEqual([
      ...["burned", "not enough", "not whole", "ok", "out of range", "same place", "unknown account"],
    ]);
    expect(outcomes.ok).toBeGreaterThan(10_000);
  }, 60_000);
});

const PARTS: readonly Part[] = ["free", "locked", "stake", "unbonding"];

function anyPlace(from: Chance): Place {
  const kind = drawBelow(from, 30);
  if (kind < 4) return BANK;
  if (kind < 8) return POOL;
  if (kind === 8 && drawBelow(from, 40) === 0) return BURNED;
  return placeOf(account(kind === 9 ? 6 + drawBelow(from, 3) : drawBelow(from, 6)), PARTS[drawBelow(from, 4)]);
}

function anyAmount(from: Chance): number {
  const kind = drawBelow(from, 20);
  if (kind === 0) return NO_AMOUNTS[drawBelow(from, NO_AMOUNTS.length)][0];
  return 1 + drawBelow(from, kind === 1 ? 30_000 : 400);
}

const isKnown = (ledger: Ledger, place: Place): boolean =>
  place.type !== "account" || ledger.accounts[place.account] !== undefined;
