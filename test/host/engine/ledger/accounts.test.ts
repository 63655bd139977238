import { describe, expect, test } from "vitest";
import { findAccount, openAccount, spendingFault } from "../../../../host/engine/ledger/accounts.ts";
import { takeBack, type Wager, wager } from "../../../../host/engine/ledger/bets.ts";
import { rebuy } from "../../../../host/engine/ledger/grants.ts";
import type { Ledger } from "../../../../host/engine/ledger/ledger.ts";
import { ACCOUNTS_MAX } from "../../../../host/engine/ledger/limits.ts";
import { STANDARD_STAKE_RULES } from "../../../../host/engine/stakes/rules.ts";
import { foundStakes } from "../../../../host/engine/stakes/stakes.ts";
import { addStake } from "../../../../host/engine/stakes/staking.ts";
import { chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { COUNTER_MAX } from "../../../../protocol/core/limits.ts";
import { agreedMillis, counter } from "../../../../protocol/core/units.ts";
import { account, digest, expectSound, found, hexOf, NOBODY, next, refusal, withPlayers } from "./tables.ts";

describe("an account", () => {
  test("is found by its owner, opened once, and given its place for good", () => {
    const ledger = found();
    expect(openAccount(ledger, digest(7))).toEqual({ ok: true, account: 0 });
    expect(openAccount(ledger, digest(8))).toEqual({ ok: true, account: 1 });
    expect(refusal(ledger, () => openAccount(ledger, digest(7)))).toBe("account exists");
    expect([findAccount(ledger, digest(8)), findAccount(ledger, digest(9))]).toEqual([1, undefined]);
    for (const size of [0, 31, 33]) {
      expect(refusal(ledger, () => openAccount(ledger, new Uint8Array(size)))).toBe("wrong size");
    }
  });

  test("keeps bytes of its own, and not a view of a message", () => {
    const ledger = found();
    const message = Buffer.alloc(40, 5);
    openAccount(ledger, message.subarray(4, 36));
    message.fill(0);
    expect(findAccount(ledger, new Uint8Array(32).fill(5))).toBe(0);
    expect(ledger.accounts[0].owner.buffer.byteLength).toBe(32);
  });

  test("too many is refused", () => {
    const ledger = found();
    for (let i = 0; i < ACCOUNTS_MAX; i++) openAccount(ledger, digest(i));
    expect(openAccount(ledger, digest(ACCOUNTS_MAX))).toEqual({ ok: false, why: "full" });
    expect(ledger.accounts.length).toBe(ACCOUNTS_MAX);
  });
});

describe("a counter", () => {
  test("is spent by what is done under it, whatever that is, and by nothing that is refused [M23]", () => {
    const ledger = withPlayers(1);
    const bet = (counter: number, chips: number): Wager => ({ account: account(0), counter, chips, exposure: 50 });
    expect(wager(ledger, bet(0, 10))).toEqual({ ok: true });
    expect(refusal(ledger, () => wager(ledger, bet(0, 10)))).toBe("stale counter");
    expect(refusal(ledger, () => takeBack(ledger, bet(0, 10)))).toBe("stale counter");
    expect(refusal(ledger, () => rebuy(ledger, { account: account(0), counter: 0 }))).toBe("stale counter");
    expect(refusal(ledger, () => wager(ledger, bet(2, 10)))).toBe("counter ahead");
    expect(refusal(ledger, () => wager(ledger, bet(1, 100_000)))).toBe("not enough");
    expect(refusal(ledger, () => wager(ledger, bet(0.5, 10)))).toBe("not whole");
    expect(refusal(ledger, () => wager(ledger, bet(Number.NaN, 10)))).toBe("not whole");
    expect(refusal(ledger, () => wager(ledger, bet(-1, 10)))).toBe("stale counter");
    expect(takeBack(ledger, bet(1, 10))).toEqual({ ok: true });
    expect(ledger.accounts[0].nextCounter).toBe(2);
  });

  test("belongs to one account", () => {
    const ledger = withPlayers(2);
    expect(wager(ledger, { account: account(0), counter: 0, chips: 1, exposure: 1 })).toEqual({ ok: true });
    expect(wager(ledger, { account: account(1), counter: 0, chips: 1, exposure: 2 })).toEqual({ ok: true });
    expect(spendingFault(ledger, { account: NOBODY, counter: 0 })).toEqual({ ok: false, why: "unknown account" });
  });

  test("has a last value, after which nothing is spent", () => {
    const ledger = withPlayers(1);
    ledger.accounts[0].nextCounter = counter(COUNTER_MAX - 1);
    expect(wager(ledger, { ...next(ledger, account(0)), chips: 1, exposure: 0 })).toEqual({ ok: true });
    const bet = { ...next(ledger, account(0)), chips: 1, exposure: 0 };
    expect(refusal(ledger, () => wager(ledger, bet))).toBe("counters used up");
  });
});

describe("conflicting spendings", () => {
  /** The same chips bet, bet on something else, and staked, all as the same spending. */
  function conflicting(ledger: Ledger): (() => boolean)[] {
    const founded = foundStakes({ ...STANDARD_STAKE_RULES, minimum: ledger.rules.grant }, agreedMillis(0));
    if (!founded.ok) throw new Error(founded.why);
    const spending = next(ledger, account(0));
    return [
      () => wager(ledger, { ...spending, chips: 1_000, exposure: 5_000 }).ok,
      () => wager(ledger, { ...spending, chips: 900, exposure: 9_000 }).ok,
      () => wager(ledger, { ...spending, chips: 1, exposure: 1 }).ok,
      () => addStake(founded.stakes, ledger, { ...spending, chips: 1_000 }, agreedMillis(1)).ok,
    ];
  }

  test("come to one at most, in whatever order and however often they arrive [M23]", () => {
    const from = chance(23);
    for (let round = 0; round < 500; round++) {
      const ledger = withPlayers(1);
      const spendings = conflicting(ledger);
      const done: number[] = [];
      for (let i = 0; i < 12; i++) {
        const which = drawBelow(from, spendings.length);
        if (spendings[which]()) done.push(which);
        expectSound(ledger);
      }
      expect(done.length).toBe(1);
      expect(ledger.accounts[0].nextCounter).toBe(1);
    }
  });

  test("come to the same one on every replica that hears them in the same order [M23]", () => {
    const [left, right] = [withPlayers(1), withPlayers(1)];
    const [these, those] = [conflicting(left), conflicting(right)];
    for (const which of [2, 0, 3, 1, 0, 2]) expect(these[which]()).toBe(those[which]());
    expect(hexOf(left)).toBe(hexOf(right));
  });

  test("on two sides of a partition are one when the sides meet: the second finds its counter spent [M23]", () => {
    // A side without a quorum orders nothing, so that what its player signed there comes after what the quorum decided.
    const ledger = withPlayers(1);
    const [withQuorum, cutOff] = conflicting(ledger);
    expect([withQuorum(), cutOff()]).toEqual([true, false]);
    expect(ledger.accounts[0]).toMatchObject({ free: 0, locked: 1_000, nextCounter: 1 });
  });
});
