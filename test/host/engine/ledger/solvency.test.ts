import { describe, expect, test } from "vitest";
import { audit } from "../../../../host/engine/ledger/audit.ts";
import { betMax } from "../../../../host/engine/ledger/bank.ts";
import { settle, wager } from "../../../../host/engine/ledger/bets.ts";
import { foundLedger } from "../../../../host/engine/ledger/genesis.ts";
import type { Ledger } from "../../../../host/engine/ledger/ledger.ts";
import { STANDARD_BANK, STANDARD_LEDGER_RULES, soundLedgerRules } from "../../../../host/engine/ledger/rules.ts";
import { type Chance, chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { account, digest, found, next } from "./tables.ts";

const PLAYERS = 8;
const ROLLS = 300;

const rich = (): Ledger =>
  found({
    bank: 1_000_000,
    allotments: Array.from({ length: PLAYERS }, (_, i) => ({ owner: digest(i), chips: 10_000_000 })),
  });

/** Everybody bets as much as the bank takes, for so many times as much; answers how many bets stood. */
function betAll(ledger: Ledger, pays: number): number {
  let bets = 0;
  for (let i = 0; i < PLAYERS; i++) {
    const amount = betMax(ledger);
    const bet = { ...next(ledger, account(i)), chips: amount, exposure: ledger.reserved + amount * pays };
    if (amount > 0 && wager(ledger, bet).ok) bets += 1;
    if (ledger.reserved > ledger.bank - ledger.bankFloor) expect.fail("more was promised than the bank has to spare");
  }
  return bets;
}

function roll(ledger: Ledger, pays: number, wins: (player: number) => boolean): void {
  const results = ledger.accounts.flatMap(({ locked }, i) =>
    locked === 0 ? [] : [{ account: account(i), wagered: locked, returned: wins(i) ? locked * (1 + pays) : 0 }],
  );
  const settled = settle(ledger, results, 0);
  if (!settled.ok || settled.uncovered > 0) expect.fail("somebody goes unpaid");
  if (ledger.bank < ledger.bankFloor) expect.fail("the reserve was paid out");
  if (!audit(ledger).ok) expect.fail("not conserved");
}

describe("a bank", () => {
  test("of a thousand million keeps a hundred million, takes one hundredth in a bet and gives a thousandth [M05]", () => {
    const founded = foundLedger(STANDARD_LEDGER_RULES, { bank: STANDARD_BANK, pool: 0, allotments: [] });
    if (!founded.ok) throw new Error(founded.why);
    expect([founded.ledger.bank, founded.ledger.bankFloor]).toEqual([1_000_000_000, 100_000_000]);
    // A tenth of 7 is kept as a whole chip, where a hundredth of it is none.
    expect([found({ bank: 7 }).bankFloor, betMax(found({ bank: 7 }))]).toEqual([1, 0]);
    expect([betMax(founded.ledger), STANDARD_LEDGER_RULES.feeBasisPoints]).toEqual([10_000_000, 10]);
  });

  test("is founded with no rules that promise more [M05]", () => {
    const refused = (rules: object): boolean => !soundLedgerRules({ ...STANDARD_LEDGER_RULES, ...rules });
    expect(soundLedgerRules(STANDARD_LEDGER_RULES)).toBe(true);
    expect(refused({ reserveBasisPoints: 999 })).toBe(true);
    expect(refused({ betBasisPoints: 101 })).toBe(true);
    expect(refused({ feeBasisPoints: 11 })).toBe(true);
    expect(refused({ rakeBasisPoints: 201 })).toBe(true);
    expect(refused({ rakeBasisPoints: 0.5 })).toBe(true);
    expect(refused({ grant: 0 })).toBe(true);
    expect(refused({ rebuysMax: -1 })).toBe(true);
    const odd = foundLedger({ ...STANDARD_LEDGER_RULES, betBasisPoints: 101 }, { bank: 1, pool: 0, allotments: [] });
    expect(odd).toEqual({ ok: false, why: "unsound rules" });
  });

  test("pays everybody and keeps its reserve, though every bet of every roll is won [M05]", () => {
    for (const pays of [1, 35, 89]) {
      const ledger = rich();
      let bets = 0;
      for (let i = 0; i < ROLLS; i++) {
        bets += betAll(ledger, pays);
        roll(ledger, pays, () => true);
      }
      expect(bets).toBeGreaterThan(0);
      expect(ledger.bank).toBeGreaterThanOrEqual(100_000);
    }
  });

  test("is not ruined in a hundred nights of the highest bets on a fair roll of its own game [M05]", () => {
    // 300 rolls of eight bets of a hundredth each, at the price of a pass bet: the bank's logarithm moves by 0.49 in a night
    // (one standard deviation), and its ruin is 2.3 away: less than one night in ten thousand.
    const from = chance(5);
    let refusals = 0;
    for (let night = 0; night < 100; night++) refusals += ROLLS * PLAYERS - playNight(rich(), from, false);
    expect(refusals).toBe(0);
  }, 60_000);

  test("that everybody bets against at once loses more, and still nobody goes unpaid [M05]", () => {
    const from = chance(6);
    let refusals = 0;
    for (let night = 0; night < 40; night++) refusals += ROLLS * PLAYERS - playNight(rich(), from, true);
    // The night comes now and then in which the bank can promise no more; it then takes fewer bets.
    expect(refusals).toBeGreaterThan(0);
    expect(refusals).toBeLessThan(0.2 * 40 * ROLLS * PLAYERS);
  }, 60_000);
});

/** The pass bet wins 244 of 495. */
function playNight(ledger: Ledger, from: Chance, together: boolean): number {
  let bets = 0;
  for (let i = 0; i < ROLLS; i++) {
    bets += betAll(ledger, 1);
    const shared = drawBelow(from, 495) < 244;
    roll(ledger, 1, () => (together ? shared : drawBelow(from, 495) < 244));
  }
  return bets;
}
