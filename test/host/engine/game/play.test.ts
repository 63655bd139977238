import { describe, expect, test } from "vitest";
import { domainDigest } from "../../../../host/crypto/domain-digest.ts";
import { outcomeAt, outcomeOf } from "../../../../host/engine/game/law.ts";
import { MOVES_BETWEEN_CHANCES_MAX } from "../../../../host/engine/game/limits.ts";
import {
  act,
  chanceIsDue,
  gameId,
  overdue,
  playHash,
  restore,
  settle,
  snapshot,
  start,
} from "../../../../host/engine/game/play.ts";
import { replay } from "../../../../host/engine/game/replay.ts";
import { craps } from "../../../../host/engine/games/craps/craps.ts";
import { roulette } from "../../../../host/engine/games/roulette.ts";
import { ONE_COIN, urn } from "./urn.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const PURSE = { free: 1000, bank: 1000 };

describe("a game's id", () => {
  test("is another for each figure of its configuration", () => {
    const { usual } = craps.config;
    const changed: readonly Partial<typeof usual>[] = [
      ...([
        { bets: "beginner" },
        { rounding: "down" },
        { fee: "withStake" },
        { feeRounding: "up" },
        { bar: 3 },
      ] as const),
      ...([{ fieldTwoPays: 3 }, { fieldTwelvePays: 2 }, { oddsFour: 2 }, { oddsFive: 2 }, { oddsSix: 2 }] as const),
      ...([
        { layWorks: false },
        { hardWorks: false },
        { hardStays: false },
        { twoPays: 29 },
        { threePays: 14 },
      ] as const),
      ...([{ fire: "c" }, { smallPays: 30 }, { allPays: 150 }, { repeaters: "to" }, { stakeMin: 2 }] as const),
      ...([{ stakeMax: 10 }, { bankShareBasisPoints: 99 }, { shooterBets: false }] as const),
    ];
    expect(changed.length).toBe(Object.keys(usual).length);
    const ids = [{}, ...changed].map((each) => hex(gameId(craps, { ...usual, ...each }, domainDigest)));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain(hex(gameId(roulette, roulette.config.usual, domainDigest)));
    expect(hex(gameId(craps, usual, domainDigest))).not.toBe(
      hex(gameId({ ...craps, version: 2 }, usual, domainDigest)),
    );
  });
});

describe("a play", () => {
  test("lets seats move while moves are open, and chance when it is due", () => {
    const play = start(urn, ONE_COIN, 2);
    expect(overdue(urn, ONE_COIN, play)).toBeUndefined();
    expect(() => settle(urn, ONE_COIN, play, 1, 1000)).toThrow("when it is due");
    expect(act(urn, ONE_COIN, play, 0, { type: "bet", chips: 5 }, PURSE)).toEqual({ ok: true, staked: 5, returned: 0 });
    expect(act(urn, ONE_COIN, play, 0, { type: "draw" }, PURSE).ok).toBe(true);
    expect(chanceIsDue(urn, play)).toBe(true);
    expect(act(urn, ONE_COIN, play, 1, { type: "bet", chips: 5 }, PURSE)).toEqual({ ok: false, why: "not now" });
    expect(overdue(urn, ONE_COIN, play)).toBeUndefined();
    expect(settle(urn, ONE_COIN, play, 1, 1000).seats[0]).toEqual({ lost: 0, won: 0, returned: 5 });
    expect(act(urn, ONE_COIN, play, 1, { type: "jump" } as never, PURSE)).toEqual({ ok: false, why: "not now" });
  });

  test("refuses what the purse does not hold, and is as it was", () => {
    const play = start(urn, ONE_COIN, 1);
    const before = snapshot(urn, play);
    const bet = { type: "bet", chips: 50 } as const;
    expect(act(urn, ONE_COIN, play, 0, bet, { free: 49, bank: 9 })).toEqual({ ok: false, why: "not enough chips" });
    expect(snapshot(urn, play)).toEqual(before);
    expect(act(urn, ONE_COIN, play, 0, bet, { free: 50, bank: 0 }).ok).toBe(true);
  });

  test("ends a seat's moves before one chance, and neither another's nor those after it", () => {
    const config = craps.config.usual;
    const play = start(craps, config, 2);
    const purse = { free: 2 ** 30, bank: 2 ** 40 };
    for (let i = 0; i < MOVES_BETWEEN_CHANCES_MAX / 2; i++) {
      expect(act(craps, config, play, 0, { type: "bet", code: 0, chips: 5 }, purse).ok).toBe(true);
      expect(act(craps, config, play, 0, { type: "take", code: 0, chips: 5 }, purse).ok).toBe(true);
    }
    const more = { type: "bet", code: 0, chips: 5 } as const;
    expect(act(craps, config, play, 0, more, purse)).toEqual({ ok: false, why: "too many moves" });
    expect(act(craps, config, play, 1, more, purse).ok).toBe(true);
    for (const seat of [2, -1, 0.5, Number.NaN]) {
      expect(act(craps, config, play, seat, more, purse)).toEqual({ ok: false, why: "no such seat" });
    }
    play.state.rolling = true;
    settle(craps, config, play, { first: 1, second: 1 }, purse.bank);
    expect(act(craps, config, play, 0, more, purse).ok).toBe(true);
  });

  test("goes into bytes and comes back, and what is none of its own does not", () => {
    const play = start(urn, ONE_COIN, 3);
    act(urn, ONE_COIN, play, 1, { type: "bet", chips: 7 }, PURSE);
    const bytes = snapshot(urn, play);
    expect(restore(urn, ONE_COIN, bytes)).toEqual(play);
    for (let at = 0; at < bytes.length; at++) expect(restore(urn, ONE_COIN, bytes.subarray(0, at))).toBeUndefined();
    expect(restore(craps, craps.config.usual, bytes)).toBeUndefined();
    expect(hex(playHash(urn, play, domainDigest))).not.toBe(hex(playHash(urn, start(urn, ONE_COIN, 3), domainDigest)));
  });

  test("of a table that cannot be is not taken up", () => {
    const play = start(craps, craps.config.usual, 2);
    play.state.seats[0].push({ code: 4, stake: 5, fee: 0, working: "usual", progress: 0 });
    expect(restore(craps, craps.config.usual, snapshot(craps, play))).toBeUndefined();
  });

  test("played again from its steps comes to the same hash, and with one step less to another", () => {
    const steps = [
      { type: "act", seat: 0, action: { type: "bet", chips: 5 } },
      { type: "overdue" },
      { type: "chance", outcome: 0 },
      { type: "overdue" },
      { type: "chance", outcome: 0 },
    ] as const;
    const stacks = { seats: 2 };
    const hash = (count: number): string =>
      hex(replay(urn, ONE_COIN, stacks, steps.slice(0, count), domainDigest).hash);
    expect(hash(5)).toBe(hash(5));
    expect(new Set([1, 3, 5].map(hash)).size).toBe(3);
  });
});

describe("an outcome", () => {
  test("has its share of the bytes, exactly", () => {
    const law = [
      { outcome: "a", weight: 1 },
      { outcome: "b", weight: 3 },
      { outcome: "c", weight: 33 },
    ];
    const seen: { [outcome: string]: number } = { a: 0, b: 0, c: 0, none: 0 };
    for (let byte = 0; byte < 256; byte++) seen[outcomeOf(law, Uint8Array.of(byte)) ?? "none"] += 1;
    expect(seen).toEqual({ a: 6, b: 18, c: 198, none: 34 });
    expect([0, 1, 3, 4, 36].map((place) => outcomeAt(law, place))).toEqual(["a", "b", "b", "c", "c"]);
    expect(() => outcomeOf([{ outcome: 1, weight: 257 }], Uint8Array.of(1))).toThrow("one byte");
    expect(() => outcomeOf([{ outcome: 1, weight: 0.5 }], Uint8Array.of(1))).toThrow("a whole weight");
  });
});
