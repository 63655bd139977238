import { describe, expect, test } from "vitest";
import { betMax, exposureMax, spareInBank } from "../../../../host/engine/ledger/bank.ts";
import { type BetResult, settle, takeBack, wager } from "../../../../host/engine/ledger/bets.ts";
import { type AccountIndex, type Ledger, worthOf } from "../../../../host/engine/ledger/ledger.ts";
import { CHIPS_MAX, SETTLEMENT_LENGTH_MAX } from "../../../../host/engine/ledger/limits.ts";
import { chips } from "../../../../protocol/core/units.ts";
import { account, expectSound, NO_AMOUNTS, NOBODY, next, refusal, withPlayers } from "./tables.ts";

const bet = (ledger: Ledger, player: number, amount: number, exposure: number): ReturnType<typeof wager> =>
  wager(ledger, { ...next(ledger, account(player)), chips: amount, exposure });

const result = (player: AccountIndex, wagered: number, returned: number): BetResult => ({
  account: player,
  wagered,
  returned,
});

const [ANNE, BERT, CLEO] = [account(0), account(1), account(2)];
const held = (ledger: Ledger, player: AccountIndex): readonly number[] => [
  ledger.accounts[player].free,
  ledger.accounts[player].locked,
];

describe("a bet", () => {
  test("locks its own chips, and reserves the greatest payout in the bank [M06]", () => {
    const ledger = withPlayers(2);
    const { bank } = ledger;
    // Ten on a number that pays 35 to 1.
    expect(bet(ledger, 0, 10, 350)).toEqual({ ok: true });
    expect([held(ledger, ANNE), ledger.reserved, ledger.bank]).toEqual([[990, 10], 350, bank]);
    expect(bet(ledger, 1, 20, 350 + 20)).toEqual({ ok: true });
    expect([held(ledger, BERT), ledger.reserved, ledger.bank]).toEqual([[980, 20], 370, bank]);
    expectSound(ledger);
  });

  test("that loses is worth its own chips to the bank, not what was reserved for it [M06]", () => {
    const ledger = withPlayers(1, {}, { feeBasisPoints: 0 });
    const { bank } = ledger;
    bet(ledger, 0, 10, 353);
    expect(settle(ledger, [result(ANNE, 10, 0)], 0)).toEqual({ ok: true, fee: 0, uncovered: 0 });
    expect([held(ledger, ANNE), ledger.reserved, ledger.bank - bank]).toEqual([[990, 0], 0, 10]);
    expectSound(ledger);
  });

  test("that wins costs the bank the win alone, because the chips of the bet were never the bank's [M06]", () => {
    const ledger = withPlayers(1);
    const { bank } = ledger;
    bet(ledger, 0, 10, 353);
    expect(settle(ledger, [result(ANNE, 10, 363)], 0)).toEqual({ ok: true, fee: 0, uncovered: 0 });
    expect([held(ledger, ANNE), ledger.reserved, ledger.bank - bank]).toEqual([[1_353, 0], 0, -353]);
    expectSound(ledger);
  });

  test("that is half lost costs the other half, and leaves nothing locked [M06]", () => {
    const ledger = withPlayers(1);
    const { bank } = ledger;
    bet(ledger, 0, 10, 10);
    expect(settle(ledger, [result(ANNE, 10, 4)], 0)).toEqual({ ok: true, fee: 0, uncovered: 0 });
    expect([held(ledger, ANNE), ledger.bank - bank]).toEqual([[994, 0], 6]);
  });

  test("that is taken down or void goes back whole, and its reserve with it [M06]", () => {
    const ledger = withPlayers(1);
    const before = ledger.bank;
    bet(ledger, 0, 30, 1_050);
    expect(takeBack(ledger, { ...next(ledger, ANNE), chips: 10, exposure: 700 })).toEqual({ ok: true });
    expect([held(ledger, ANNE), ledger.reserved]).toEqual([[980, 20], 700]);
    expect(settle(ledger, [result(ANNE, 20, 20)], 0)).toEqual({ ok: true, fee: 0, uncovered: 0 });
    expect([held(ledger, ANNE), ledger.reserved, ledger.bank]).toEqual([[1_000, 0], 0, before]);
  });

  test("may stand while others are settled, and one player may have several", () => {
    const ledger = withPlayers(3);
    bet(ledger, 0, 10, 10);
    bet(ledger, 0, 5, 60);
    bet(ledger, 1, 40, 100);
    bet(ledger, 2, 8, 108);
    const results = [result(ANNE, 10, 20), result(ANNE, 5, 0), result(BERT, 40, 80), result(CLEO, 8, 8)];
    expect(settle(ledger, results.slice(0, 3), 8)).toEqual({ ok: true, fee: 0, uncovered: 0 });
    expect([ANNE, BERT, CLEO].map((each) => held(ledger, each))).toEqual([
      [1_005, 0],
      [1_040, 0],
      [992, 8],
    ]);
    expect(ledger.reserved).toBe(8);
    expect(settle(ledger, results.slice(3), 0).ok).toBe(true);
    expectSound(ledger);
  });

  test("is refused where it is no amount, not there, too high, or more than the bank can promise [M05]", () => {
    const ledger = withPlayers(2, { bank: 40_000 });
    expect([ledger.bank, ledger.bankFloor, betMax(ledger), exposureMax(ledger)]).toEqual([38_000, 4_000, 380, 34_000]);
    for (const [amount, why] of NO_AMOUNTS) {
      expect([amount, refusal(ledger, () => bet(ledger, 0, amount, 1))]).toEqual([amount, why]);
      if (!Object.is(amount, 0)) expect(refusal(ledger, () => bet(ledger, 0, 1, amount))).toBe(why);
    }
    expect(refusal(ledger, () => bet(ledger, 0, 1_001, 1_001))).toBe("not enough");
    expect(refusal(ledger, () => bet(ledger, 0, 381, 381))).toBe("bet too high");
    expect(refusal(ledger, () => bet(ledger, 0, 380, 34_001))).toBe("bank short");
    const nobody = { account: NOBODY, counter: 0, chips: 1, exposure: 1 };
    expect(refusal(ledger, () => wager(ledger, nobody))).toBe("unknown account");
    expect(refusal(ledger, () => takeBack(ledger, { ...next(ledger, ANNE), chips: 1, exposure: 0 }))).toBe(
      "not enough",
    );
    expect(bet(ledger, 0, 380, 34_000)).toEqual({ ok: true });
    expect(spareInBank(ledger)).toBe(0);
    expect(refusal(ledger, () => bet(ledger, 1, 1, 34_001))).toBe("bank short");
    // A bet against the first one lowers what the bank may lose, and is welcome.
    expect(bet(ledger, 1, 380, 33_700)).toEqual({ ok: true });
  });
});

describe("a settlement", () => {
  test("is refused as a whole for one line that does not fit", () => {
    const ledger = withPlayers(2);
    bet(ledger, 0, 10, 10);
    bet(ledger, 1, 10, 20);
    const good = result(ANNE, 10, 20);
    const refused = (lines: readonly BetResult[], exposure = 0): string =>
      refusal(ledger, () => settle(ledger, lines, exposure));
    expect(refused([good, result(BERT, 11, 0)])).toBe("not enough");
    expect(refused([good, result(BERT, 6, 0), result(BERT, 5, 0)])).toBe("not enough");
    expect(refused([good, result(NOBODY, 1, 0)])).toBe("unknown account");
    expect(refused([good, result(BERT, 0.5, 0)])).toBe("not whole");
    expect(refused([good, result(BERT, -1, 0)])).toBe("out of range");
    expect(refused([good, result(BERT, 1, Number.NaN)])).toBe("not whole");
    expect(refused([good, result(BERT, 1, 2 ** 53)])).toBe("out of range");
    expect(refused([good], 0.5)).toBe("not whole");
    expect(refused([good], -1)).toBe("out of range");
    expect(refused([good, result(BERT, 10, 21)])).toBe("not reserved");
    expect(refused([result(ANNE, 0, CHIPS_MAX), result(BERT, 0, CHIPS_MAX)])).toBe("not reserved");
    const lines = new Array<BetResult>(SETTLEMENT_LENGTH_MAX + 1).fill(result(ANNE, 0, 0));
    expect(refused(lines)).toBe("full");
    expect(settle(ledger, [good, result(BERT, 10, 20)], 0).ok).toBe(true);
  });

  test("pays out of what others lost as well: what was reserved is net of it", () => {
    const ledger = withPlayers(2, { bank: 200_000 });
    // One wins what the other loses: the bank can lose nothing.
    bet(ledger, 0, 100, 100);
    bet(ledger, 1, 100, 0);
    const { bank } = ledger;
    expect(settle(ledger, [result(ANNE, 100, 200), result(BERT, 100, 0)], 0)).toMatchObject({ ok: true });
    expect([held(ledger, ANNE), held(ledger, BERT), ledger.bank]).toEqual([[1_100, 0], [900, 0], bank]);
  });

  test("gives the pool a thousandth of each lost bet, rounded down, and the rest stays with the bank [M05]", () => {
    const ledger = withPlayers(2, { bank: 1_000_000 });
    const [bank, pool] = [ledger.bank, ledger.pool];
    bet(ledger, 0, 999, 999);
    bet(ledger, 1, 1_000, 1_999);
    // 0.999 and 1 chips.
    expect(settle(ledger, [result(ANNE, 999, 0), result(BERT, 1_000, 0)], 0)).toEqual({
      ok: true,
      fee: 1,
      uncovered: 0,
    });
    expect([ledger.bank - bank, ledger.pool - pool]).toEqual([1_998, 1]);
    // Whoever wins pays nothing: the published edge is the whole price.
    expectSound(ledger);
  });

  test("takes no fee of a bank that is down to its reserve", () => {
    const ledger = withPlayers(1, { bank: 1_000_000 });
    bet(ledger, 0, 1_000, 1_000);
    ledger.pool = chips(ledger.pool + ledger.bank - ledger.bankFloor + 900);
    ledger.bank = chips(ledger.bankFloor - 900);
    ledger.reserved = chips(1_000);
    expect(settle(ledger, [result(ANNE, 1_000, 0)], 0)).toMatchObject({ fee: 1 });
    expect(ledger.bank).toBe(ledger.bankFloor + 99);
    const low = withPlayers(1, { bank: 1_000_000 });
    bet(low, 0, 1_000, 1_000);
    low.pool = chips(low.pool + low.bank - low.bankFloor + 1_000);
    low.bank = chips(low.bankFloor - 1_000);
    expect(settle(low, [result(ANNE, 1_000, 0)], 0)).toMatchObject({ fee: 0 });
    expect(low.bank).toBe(low.bankFloor);
  });

  test("tells what bets that stay up may cost beyond what is left in the bank", () => {
    const ledger = withPlayers(1, { bank: 100_000 });
    bet(ledger, 0, 100, exposureMax(ledger));
    const won = exposureMax(ledger);
    // The bet won all that was promised and would stand for the same again.
    expect(settle(ledger, [result(ANNE, 0, won)], won)).toEqual({
      ok: true,
      fee: 0,
      uncovered: won - ledger.bankFloor,
    });
    expect([ledger.bank, ledger.reserved]).toEqual([ledger.bankFloor, ledger.bankFloor]);
    // It comes down, or what is promised is never more than there is.
    expect(refusal(ledger, () => settle(ledger, [result(ANNE, 0, won)], 0))).toBe("not reserved");
    const less = ledger.reserved - 1;
    expect(takeBack(ledger, { ...next(ledger, ANNE), chips: 1, exposure: less })).toEqual({ ok: true });
    expect(refusal(ledger, () => bet(ledger, 0, 1, less + 1))).toBe("bank short");
    expect(takeBack(ledger, { ...next(ledger, ANNE), chips: 99, exposure: 0 })).toEqual({ ok: true });
    expect(worthOf(ledger.accounts[0])).toBe(1_000 + won);
    expectSound(ledger);
  });
});
