import { describe, expect, test } from "vitest";
import { openAccount } from "../../../../host/engine/ledger/accounts.ts";
import { wager } from "../../../../host/engine/ledger/bets.ts";
import { beginSession, grant, rebuy, rebuyBelow } from "../../../../host/engine/ledger/grants.ts";
import { BANK, placeOf, transfer } from "../../../../host/engine/ledger/transfer.ts";
import { account, admit, digest, expectSound, found, NOBODY, next, refusal, withPlayers } from "./tables.ts";

const [ANNE, BERT] = [account(0), account(1)];
const lose = (ledger: Parameters<typeof transfer>[0], player: typeof ANNE, amount: number): void => {
  expect(transfer(ledger, placeOf(player, "free"), BANK, amount)).toEqual({ ok: true });
};

describe("a grant", () => {
  test("of a thousand is given out of the bank, once to an account and once to an identity [M04]", () => {
    const ledger = found({ bank: 50_000 });
    openAccount(ledger, digest(1));
    openAccount(ledger, digest(2));
    expect(grant(ledger, ANNE, digest(77))).toEqual({ ok: true });
    expect([ledger.accounts[0].free, ledger.bank]).toEqual([1_000, 49_000]);
    expect(refusal(ledger, () => grant(ledger, ANNE, digest(77)))).toBe("already granted");
    expect(refusal(ledger, () => grant(ledger, ANNE, digest(78)))).toBe("already granted");
    expect(refusal(ledger, () => grant(ledger, BERT, digest(77)))).toBe("identity used");
    expect(refusal(ledger, () => grant(ledger, BERT, new Uint8Array(31)))).toBe("wrong size");
    expect(refusal(ledger, () => grant(ledger, NOBODY, digest(78)))).toBe("unknown account");
    expect(grant(ledger, BERT, digest(78))).toEqual({ ok: true });
    expectSound(ledger);
  });

  test("is not had by opening accounts: a hundred keys of one identity have one [M04]", () => {
    const ledger = found();
    let granted = 0;
    for (let i = 0; i < 100; i++) {
      openAccount(ledger, digest(i));
      if (grant(ledger, account(i), digest(7)).ok) granted += 1;
    }
    expect([granted, ledger.bank]).toEqual([1, 999_000]);
  });

  test("is never taken out of the bank's reserve, nor out of what it has promised", () => {
    const ledger = found({ bank: 3_000 });
    openAccount(ledger, digest(1));
    admit(ledger, 1);
    admit(ledger, 2);
    // 1,000 are left, of which 300 are the reserve.
    expect(refusal(ledger, () => grant(ledger, ANNE, digest(3)))).toBe("bank short");
    const rich = found({ bank: 100_000 });
    const player = admit(rich, 1);
    wager(rich, { ...next(rich, player), chips: 10, exposure: rich.bank - rich.bankFloor - 500 });
    openAccount(rich, digest(9));
    expect(refusal(rich, () => grant(rich, account(1), digest(9)))).toBe("bank short");
  });
});

describe("a re-buy", () => {
  test("is the grant again for whoever has next to nothing, three times and no more", () => {
    const ledger = withPlayers(2);
    expect(rebuyBelow(ledger)).toBe(100);
    expect(refusal(ledger, () => rebuy(ledger, next(ledger, ANNE)))).toBe("has chips");
    lose(ledger, ANNE, 900);
    expect(refusal(ledger, () => rebuy(ledger, next(ledger, ANNE)))).toBe("has chips");
    lose(ledger, ANNE, 1);
    for (let i = 0; i < 3; i++) {
      expect(rebuy(ledger, next(ledger, ANNE))).toEqual({ ok: true });
      lose(ledger, ANNE, ledger.accounts[0].free);
    }
    expect(refusal(ledger, () => rebuy(ledger, next(ledger, ANNE)))).toBe("re-buys used up");
    lose(ledger, BERT, 1_000);
    expect(rebuy(ledger, next(ledger, BERT))).toEqual({ ok: true });
    expect(ledger.accounts[1].free).toBe(1_000);
    expectSound(ledger);
  });

  test("is not for chips that are only elsewhere: in a bet, staked, or on the way out of a stake", () => {
    for (const part of ["locked", "stake", "unbonding"] as const) {
      const ledger = withPlayers(1);
      transfer(ledger, placeOf(ANNE, "free"), placeOf(ANNE, part), 1_000);
      expect([part, refusal(ledger, () => rebuy(ledger, next(ledger, ANNE)))]).toEqual([part, "has chips"]);
    }
  });

  test("is for players that had a grant, and is never taken out of the bank's reserve", () => {
    const ledger = found({ bank: 2_000 });
    openAccount(ledger, digest(1));
    expect(refusal(ledger, () => rebuy(ledger, next(ledger, ANNE)))).toBe("not granted");
    expect(refusal(ledger, () => rebuy(ledger, { account: NOBODY, counter: 0 }))).toBe("unknown account");
    const player = admit(ledger, 1);
    transfer(ledger, placeOf(player, "free"), placeOf(ANNE, "free"), 1_000);
    expect(refusal(ledger, () => rebuy(ledger, next(ledger, player)))).toBe("bank short");
  });
});

describe("a new session", () => {
  test("gives every player the same to play with, and their re-buys back; stakes stay", () => {
    const ledger = withPlayers(3, { allotments: [{ owner: digest(1), chips: 5_000 }] });
    const [kiosk, anne, bert, cleo] = [0, 1, 2, 3].map(account);
    transfer(ledger, placeOf(kiosk, "free"), placeOf(kiosk, "stake"), 4_000);
    lose(ledger, anne, 990);
    rebuy(ledger, next(ledger, anne));
    transfer(ledger, BANK, placeOf(bert, "free"), 70_000);
    expect(beginSession(ledger)).toEqual({ ok: true });
    expect([anne, bert, cleo].map((each) => ledger.accounts[each].free)).toEqual([1_000, 1_000, 1_000]);
    expect(ledger.accounts[anne]).toMatchObject({ rebuys: 0, nextCounter: 1 });
    expect(ledger.accounts[kiosk]).toMatchObject({ free: 1_000, stake: 4_000 });
    expectSound(ledger);
  });

  test("waits for the bets that stand, and for a bank that can pay it", () => {
    const ledger = withPlayers(1);
    wager(ledger, { ...next(ledger, ANNE), chips: 10, exposure: 0 });
    expect(refusal(ledger, () => beginSession(ledger))).toBe("bets stand");
    const poor = withPlayers(2, { bank: 3_000, allotments: [] });
    transfer(poor, placeOf(ANNE, "free"), placeOf(ANNE, "stake"), 1_000);
    expect(refusal(poor, () => beginSession(poor))).toBe("bank short");
  });
});
