import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHIPS_MAX, SETTLEMENT_LENGTH_MAX } from "../../../../host/engine/ledger/limits.ts";
import { settlePot } from "../../../../host/engine/ledger/pot.ts";
import { BANK, placeOf, transfer } from "../../../../host/engine/ledger/transfer.ts";
import { account, expectSound, NOBODY, refusal, withPlayers } from "./tables.ts";

const PLAYERS = [account(0), account(1), account(2), account(3)];

/** Four players with so many chips in the pot each. */
function around(locked: number, rakeBasisPoints = 100): ReturnType<typeof withPlayers> {
  const ledger = withPlayers(4, {}, { rakeBasisPoints });
  for (const player of PLAYERS) transfer(ledger, placeOf(player, "free"), placeOf(player, "locked"), locked);
  return ledger;
}

const all = (chips: number): { account: (typeof PLAYERS)[number]; chips: number }[] =>
  PLAYERS.map((each) => ({ account: each, chips }));
const shares = (...weights: readonly number[]): { account: (typeof PLAYERS)[number]; weight: number }[] =>
  weights.map((weight, i) => ({ account: PLAYERS[i], weight }));

describe("a pot", () => {
  test("pays a rake of one in a hundred, rounded down, and the rest of the division to the pool [M05]", () => {
    const ledger = around(25);
    const { bank, pool } = ledger;
    // 100, of which 1 is rake; 99 in two parts are 49 and 49.
    expect(settlePot(ledger, all(25), shares(1, 1))).toEqual({ ok: true, rake: 1, rest: 1 });
    expect(PLAYERS.map((each) => ledger.accounts[each].free)).toEqual([1_024, 1_024, 975, 975]);
    expect([ledger.pool - pool, ledger.bank]).toEqual([2, bank]);
    expect(PLAYERS.every((each) => ledger.accounts[each].locked === 0)).toBe(true);
    expectSound(ledger);
  });

  test("pays no rake that rounds to nothing, and twice as much at two in a hundred [M05]", () => {
    expect(settlePot(around(20), all(20), shares(1))).toMatchObject({ rake: 0 });
    expect(settlePot(around(25, 200), all(25), shares(1))).toMatchObject({ rake: 2 });
  });

  test("is conserved whatever the weights, and no order of the winners is worth more than another", () => {
    const weight = fc.integer({ min: 0, max: CHIPS_MAX });
    fc.assert(
      fc.property(
        fc.array(weight, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 1_000 }),
        (weights, each) => {
          const [forth, back] = [around(each), around(each)];
          const result = settlePot(forth, all(each), shares(...weights));
          settlePot(back, all(each), shares(...weights).reverse());
          if (weights.every((one) => one === 0)) {
            expect(result).toEqual({ ok: false, why: "no winner" });
            return;
          }
          expectSound(forth);
          expect(back).toEqual(forth);
          expect(result.ok && result.rest < weights.length).toBe(true);
        },
      ),
      { seed: 2, numRuns: 300 },
    );
  });

  test("is refused as a whole for one line that does not fit", () => {
    const ledger = around(10);
    const refused = (stakes: Parameters<typeof settlePot>[1], winners: Parameters<typeof settlePot>[2]): string =>
      refusal(ledger, () => settlePot(ledger, stakes, winners));
    expect(refused([...all(10), { account: PLAYERS[0], chips: 1 }], shares(1))).toBe("not enough");
    expect(refused([{ account: PLAYERS[0], chips: 11 }], shares(1))).toBe("not enough");
    expect(refused([{ account: NOBODY, chips: 1 }], shares(1))).toBe("unknown account");
    expect(refused([{ account: PLAYERS[0], chips: 0.5 }], shares(1))).toBe("not whole");
    expect(refused([{ account: PLAYERS[0], chips: -1 }], shares(1))).toBe("out of range");
    expect(refused(all(10), [{ account: NOBODY, weight: 1 }])).toBe("unknown account");
    expect(refused(all(10), shares(1, -1))).toBe("out of range");
    expect(refused(all(10), shares(1, Number.NaN))).toBe("not whole");
    expect(refused(all(10), [])).toBe("no winner");
    expect(refused(all(10), shares(0, 0))).toBe("no winner");
    const many = new Array(SETTLEMENT_LENGTH_MAX + 1);
    expect(refused(many.fill({ account: PLAYERS[0], chips: 1 }), shares(1))).toBe("full");
    expect(refused(all(10), many.fill({ account: PLAYERS[0], weight: 1 }))).toBe("full");
    expect(transfer(ledger, BANK, placeOf(PLAYERS[0], "free"), 1).ok).toBe(true);
  });
});
