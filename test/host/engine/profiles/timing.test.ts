import { describe, expect, test } from "vitest";
import { TIMING_SAMPLES_MIN } from "../../../../host/engine/profiles/limits.ts";
import { observe, type Profiles, profiles } from "../../../../host/engine/profiles/profile.ts";
import { rhythm, roundsOf, SIMILAR_MIN, similarity } from "../../../../host/engine/profiles/similarity.ts";
import { suspicionsOf, suspiciousPeers } from "../../../../host/engine/profiles/suspicion.ts";
import { AIR_NORM, WIRE_NORM } from "../../../../host/engine/profiles/transports.ts";
import { chance, draw } from "../../../../protocol/core/chance.ts";
import { millis } from "../../../../protocol/core/units.ts";
import { answered, beat, type Way } from "./peers.ts";

const NORMS = { wire: WIRE_NORM, air: AIR_NORM };
const timed = (of: Profiles, way: Way = "air"): (readonly number[])[] =>
  suspicionsOf(of, NORMS[way]).map(({ timedWith }) => timedWith);

describe("a timing profile", () => {
  test("keeps the last hundred moments, and says nothing of fewer than fifty intervals [N01]", () => {
    const of = profiles(1);
    const from = chance(1);
    let at = 0;
    for (let i = 0; i <= TIMING_SAMPLES_MIN - 1; i++)
      observe(of, { type: "acted", member: 0, at: millis((at += 100 * draw(from))), scheduled: false });
    expect(of.peers[0]!.intervalsMs).toHaveLength(TIMING_SAMPLES_MIN - 1);
    expect(rhythm(of.peers[0]!)).toBeUndefined();
    observe(of, { type: "acted", member: 0, at: millis((at += 50)), scheduled: false });
    expect(rhythm(of.peers[0]!)).toBeDefined();
    for (let i = 0; i < 500; i++) observe(of, { type: "acted", member: 0, at: millis((at += 7)), scheduled: false });
    expect(of.peers[0]!.intervalsMs).toEqual(new Array(99).fill(7));
  });

  test("has no negative interval where one act overtook another [N01]", () => {
    const of = profiles(1);
    for (const at of [100, 300, 200, 400]) observe(of, { type: "acted", member: 0, at: millis(at), scheduled: false });
    expect(of.peers[0]!.intervalsMs).toEqual([200, 100]);
  });

  test("leaves out what a protocol schedules: ten honest heartbeaters are nobody [N02]", () => {
    const of = profiles(10);
    beat(of, 200, 5_000, true);
    expect(of.peers.every(({ intervalsMs }) => intervalsMs.length === 0)).toBe(true);
    expect(suspicionsOf(of, AIR_NORM).every(({ score, isRhythmic }) => score === 0 && !isRhythmic)).toBe(true);
  });

  test("finds no guilt in perfect regularity, scheduled or not: zero variance has no correlation [N02]", () => {
    const of = profiles(10);
    beat(of, 200, 5_000, false);
    expect(of.peers.map(rhythm)).toEqual(new Array(10).fill(undefined));
    expect(suspiciousPeers(of, AIR_NORM, 0)).toEqual([]);
  });

  test("tells a rhythm, which by itself makes nobody suspicious [N02]", () => {
    const of = profiles(3);
    let at = 0;
    for (let i = 0; i < 100; i++)
      observe(of, { type: "acted", member: 1, at: millis((at += 100 + 5 * i)), scheduled: false });
    expect(suspicionsOf(of, AIR_NORM).map(({ isRhythmic, score }) => [isRhythmic, score])).toEqual([
      [false, 0],
      [true, 0],
      [false, 0],
    ]);
  });
});

describe.each(["wire", "air"] as const)("answers on the %s", (way) => {
  test("of three that follow one script are found alike, and all three of them [N02] [N04]", () => {
    for (let run = 0; run < 20; run++) {
      const of = answered(chance(run), { way, rounds: 100, colluders: [2, 5, 7] });
      const found = timed(of, way);
      expect([found[2], found[5], found[7]]).toEqual([
        [5, 7],
        [2, 7],
        [2, 5],
      ]);
      expect(found.filter((each) => each.length > 0)).toHaveLength(3);
    }
  });

  test("of honest ones are not alike: none of 45 pairs in a hundred tables [N02]", () => {
    let [worst, pairs] = [0, 0];
    for (let run = 0; run < 100; run++) {
      const rows = roundsOf(answered(chance(1_000 + run), { way, rounds: 60 }).peers);
      for (let left = 0; left < 10; left++) {
        for (let right = left + 1; right < 10; right++) {
          worst = Math.max(worst, similarity(rows, left, right)!);
          pairs += 1;
        }
      }
    }
    expect(pairs).toBe(4_500);
    expect(worst).toBeLessThan(SIMILAR_MIN);
  });
});

test("two that are late together because one neighbour brings both are not compared [N02]", () => {
  const story = { way: "air", rounds: 100, colluders: [2, 5] } as const;
  expect(timed(answered(chance(1), story))[2]).toEqual([5]);
  const shared = answered(chance(1), story, (member) => (member === 5 ? 2 : member));
  expect(similarity(roundsOf(shared.peers), 2, 5)).toBeUndefined();
  expect(timed(shared)[2]).toEqual([]);
});

test("too few rounds in common, or too few others, say nothing [N01]", () => {
  const few = answered(chance(1), { way: "air", rounds: TIMING_SAMPLES_MIN - 1, colluders: [2, 5] });
  expect(similarity(roundsOf(few.peers), 2, 5)).toBeUndefined();
  const small = answered(chance(1), { way: "air", rounds: 100, members: 4, colluders: [2, 3] });
  expect(similarity(roundsOf(small.peers), 2, 3)).toBeUndefined();
});
