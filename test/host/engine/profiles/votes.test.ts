import { describe, expect, test } from "vitest";
import { CONTESTED_MAX, CONTESTED_MIN } from "../../../../host/engine/profiles/limits.ts";
import {
  type Cast,
  logAlike,
  noVotePairs,
  roundVoted,
  type VotePair,
  votesAlike,
} from "../../../../host/engine/profiles/votes.ts";
import { type Chance, chance, draw } from "../../../../protocol/core/chance.ts";

const found = (pairs: readonly VotePair[]): string[] =>
  pairs.filter(votesAlike).map(({ left, right }) => `${left}-${right}`);
const voters = (count: number, vote: (member: number) => Cast): Cast[] =>
  Array.from({ length: count }, (_, member) => vote(member));

function life(
  rounds: number,
  members: number,
  vote: (member: number, round: number, from: Chance) => Cast,
  seed = 1,
): VotePair[] {
  const from = chance(seed);
  const pairs = noVotePairs(members);
  for (let round = 0; round < rounds; round++)
    roundVoted(
      pairs,
      voters(members, (member) => vote(member, round, from)),
    );
  return pairs;
}

describe("votes", () => {
  test("of eight that agree in a thousand rounds say nothing about anybody [N03]", () => {
    const pairs = life(1_000, 8, (_, round) => round % 2 === 0);
    expect(pairs.every(({ rounds }) => rounds === 0)).toBe(true);
    expect(found(pairs)).toEqual([]);
  });

  test("of eight honest ones that err now and then, each for itself, flag nobody in fifty lives [N03]", () => {
    for (let seed = 0; seed < 50; seed++) {
      expect(found(life(2_000, 8, (member, _, from) => draw(from) >= 0.01 * (1 + member), seed))).toEqual([]);
    }
  });

  test("that are split evenly, by honest doubt, flag nobody in fifty lives [N03]", () => {
    for (let seed = 0; seed < 50; seed++)
      expect(found(life(1_000, 8, (_member, _round, from) => draw(from) < 0.5, seed))).toEqual([]);
  });

  test("of two broken kiosks, each against the crowd every third time but for itself, flag nobody [N03]", () => {
    for (let seed = 0; seed < 50; seed++) {
      expect(found(life(1_000, 8, (member, _, from) => draw(from) >= (member < 2 ? 0.33 : 0.02), seed))).toEqual([]);
    }
  });

  test("of three that go against the crowd together find all three pairs, and nobody else [N03]", () => {
    const trio = [1, 4, 6];
    for (let seed = 0; seed < 20; seed++) {
      let plot = false;
      const pairs = life(
        200,
        8,
        (member, _, from) => {
          if (member === 0) plot = draw(from) < 0.4;
          return trio.includes(member) ? !plot : draw(from) >= 0.03;
        },
        seed,
      );
      expect(found(pairs)).toEqual(["1-4", "1-6", "4-6"]);
    }
  });

  test("of three that are against everything are found too, though each has that habit [N03]", () => {
    expect(found(life(CONTESTED_MIN, 8, (member) => member < 5))).toEqual(["5-6", "5-7", "6-7"]);
  });

  test("are compared when all are there, and of both sides alike [N03]", () => {
    const pairs = noVotePairs(6);
    roundVoted(pairs, [true, undefined, undefined, undefined, undefined, undefined]);
    roundVoted(pairs, [true, true, undefined, undefined, true, false]);
    expect(pairs.every(({ rounds }) => rounds === 0)).toBe(true);
    roundVoted(pairs, [true, true, undefined, true, true, false]);
    const counts = { rounds: 1, leftAgainst: 0, rightAgainst: 1, bothAgainst: 0, agreementPpm: 450_000 };
    expect(pairs.filter(({ right }) => right === 5)).toEqual([
      ...[0, 1].map((left) => ({ left, right: 5, ...counts })),
      { left: 2, right: 5, rounds: 0, leftAgainst: 0, rightAgainst: 0, bothAgainst: 0, agreementPpm: 500_000 },
      ...[3, 4].map((left) => ({ left, right: 5, ...counts })),
    ]);
    const mirrored = life(300, 6, (member, round) => (member < 2 ? round % 3 > 0 : true));
    const other = life(300, 6, (member, round) => (member > 3 ? round % 3 > 0 : true));
    expect(logAlike(mirrored[0]!)).toBeCloseTo(logAlike(other.at(-1)!), 10);
  });

  test("have an average of 0.9 old and 0.1 new: nineteen agreements in contested rounds pass 0.85, from the middle twelve [N03]", () => {
    const pair = (rounds: number): VotePair => life(rounds, 5, (member) => member !== 4)[0]!;
    expect(pair(1).agreementPpm).toBe(550_000);
    expect(pair(11).agreementPpm).toBeLessThan(850_000);
    expect(pair(12).agreementPpm).toBeGreaterThan(850_000);
  });

  test("are counted within a bound, by halves [N03]", () => {
    const pairs = life(5 * CONTESTED_MAX, 5, (member) => member < 3);
    for (const { rounds, leftAgainst, rightAgainst, bothAgainst } of pairs) {
      expect(rounds).toBeLessThanOrEqual(CONTESTED_MAX);
      expect(Math.max(leftAgainst, rightAgainst)).toBeLessThanOrEqual(rounds);
      expect(bothAgainst).toBeLessThanOrEqual(Math.min(leftAgainst, rightAgainst));
    }
  });
});
