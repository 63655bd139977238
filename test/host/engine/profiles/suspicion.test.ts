import { describe, expect, test } from "vitest";
import { ANSWERS_MAX, MOMENTS_MAX, ONLINE_PERIODS_MAX } from "../../../../host/engine/profiles/limits.ts";
import { observe, type Profiles, profiles } from "../../../../host/engine/profiles/profile.ts";
import {
  ProfileLayout,
  ProfilesLayout,
  restoreProfiles,
  takeProfiles,
} from "../../../../host/engine/profiles/profile-snapshot.ts";
import { suspicionsOf, suspiciousPeers } from "../../../../host/engine/profiles/suspicion.ts";
import { AIR_NORM, WIRE_NORM } from "../../../../host/engine/profiles/transports.ts";
import { roundVoted } from "../../../../host/engine/profiles/votes.ts";
import { chance, draw, drawBelow } from "../../../../protocol/core/chance.ts";
import { MEMBERS_MAX } from "../../../../protocol/core/limits.ts";
import { millis } from "../../../../protocol/core/units.ts";
import { answered, type Way } from "./peers.ts";

const NORMS = { wire: WIRE_NORM, air: AIR_NORM };
const TRIO = [2, 5, 7];

/** A table of ten with or without a trio that votes and answers by one plan, `blend` of the time. */
function table(seed: number, way: Way, blend: number): Profiles {
  const from = chance(seed);
  const of = answered(from, { way, rounds: 100, colluders: blend > 0 ? TRIO : [] });
  for (let round = 0; round < 400; round++) {
    const plot = draw(from) < 0.3;
    const votes = Array.from({ length: 10 }, (_, member) => {
      const planned = blend > 0 && TRIO.includes(member) && draw(from) < blend;
      return planned ? !plot : draw(from) >= 0.05;
    });
    roundVoted(of.pairs, votes);
  }
  return of;
}

/** The chance that a guilty one has the higher score of a pair drawn at random (the area under the ROC curve). */
function area(guilty: readonly number[], honest: readonly number[]): number {
  let above = 0;
  for (const one of guilty) for (const other of honest) above += one > other ? 1 : one === other ? 0.5 : 0;
  return above / (guilty.length * honest.length);
}

describe.each(["wire", "air"] as const)("suspicion on the %s", (way) => {
  test("tells labelled colluders from the honest almost always, by this transport's own norm [N04]", () => {
    const guilty: number[] = [];
    const honest: number[] = [];
    for (let seed = 0; seed < 30; seed++) {
      const scores = suspicionsOf(table(seed, way, 0.9), NORMS[way]).map(({ score }) => score);
      for (const [member, score] of scores.entries()) (TRIO.includes(member) ? guilty : honest).push(score);
    }
    expect(area(guilty, honest)).toBeGreaterThan(0.99);
    expect(guilty.filter((score) => score > 0.5).length / guilty.length).toBeGreaterThan(0.95);
    expect(Math.max(...honest)).toBeLessThan(0.5);
  });

  test("does not call quick and steady peers mechanical that are as this transport makes them [N04]", () => {
    for (let seed = 0; seed < 30; seed++) {
      expect(suspicionsOf(table(seed, way, 0), NORMS[way]).map(({ isMechanical }) => isMechanical)).toEqual(
        new Array(10).fill(false),
      );
    }
  });
});

describe("suspicion", () => {
  test("of answers without the air's jitter, or far too soon for a wire, is told [N04]", () => {
    const air = answered(chance(1), { way: "air", rounds: 60 });
    for (let round = 0; round < 100; round++)
      observe(air, { type: "answered", member: 4, round, spanMs: 60 + (round % 2), path: 4 });
    expect(
      suspicionsOf(air, AIR_NORM)
        .map(({ isMechanical }) => isMechanical)
        .indexOf(true),
    ).toBe(4);
    expect(suspicionsOf(air, AIR_NORM)[4]!.score).toBeCloseTo(0.3, 12);
    // The same steadiness is what a wire does.
    const wire = profiles(5);
    for (let round = 0; round < 60; round++) {
      for (let member = 0; member < 5; member++)
        observe(wire, { type: "answered", member, round, spanMs: member === 3 ? 1 : 60 + (round % 2), path: member });
    }
    expect(suspicionsOf(wire, WIRE_NORM).map(({ isMechanical }) => isMechanical)).toEqual([
      false,
      false,
      false,
      true,
      false,
    ]);
  });

  test("lists those above a threshold, the most suspicious first, and both of a pair alike [N05]", () => {
    const of = table(3, "air", 0.95);
    const listed = suspiciousPeers(of, AIR_NORM, 0.5);
    expect(listed.map(({ member }) => member).sort()).toEqual(TRIO);
    expect(listed.map(({ score }) => score)).toEqual(
      listed.map(({ score }) => score).sort((left, right) => right - left),
    );
    const all = suspiciousPeers(of, AIR_NORM, 0).map(({ score }) => score);
    expect(all).toEqual([...all].sort((left, right) => right - left));
    expect(new Set(all).size).toBeGreaterThan(1);
    expect(suspiciousPeers(of, AIR_NORM, 1)).toEqual([]);
    for (const { member, timedWith, votesWith } of listed) {
      expect(timedWith).toEqual(TRIO.filter((each) => each !== member));
      expect(votesWith).toEqual(TRIO.filter((each) => each !== member));
    }
  });

  test("never exceeds one, and is nothing of who is not known [N04]", () => {
    expect(suspicionsOf(profiles(4), AIR_NORM).map(({ score }) => score)).toEqual([0, 0, 0, 0]);
    expect(Math.max(...suspicionsOf(table(1, "air", 1), AIR_NORM).map(({ score }) => score))).toBeLessThanOrEqual(1);
  });
});

describe("profiles", () => {
  /** Everything that can be seen, for a long time. */
  function long(): Profiles {
    const from = chance(9);
    const of = profiles(MEMBERS_MAX);
    for (let i = 0; i < 20_000; i++) {
      const member = drawBelow(from, MEMBERS_MAX);
      const at = millis(1_767_225_600_000 + 10_000 * (i + draw(from)));
      observe(of, { type: "acted", member, at, scheduled: i % 3 === 0 });
      observe(of, { type: "answered", member, round: i, spanMs: 1e7 * draw(from), path: drawBelow(from, 1_000) });
      observe(of, { type: i % 2 === 0 ? "online" : "offline", member, at });
      if (i % 10 === 0)
        roundVoted(
          of.pairs,
          Array.from({ length: MEMBERS_MAX }, () => draw(from) < 0.5),
        );
    }
    return of;
  }

  test("hold intervals, answers, votes and times of being there within bounds, whatever happens [N08]", () => {
    for (const peer of long().peers) {
      expect(peer.intervalsMs).toHaveLength(MOMENTS_MAX - 1);
      expect(peer.answers).toHaveLength(ANSWERS_MAX);
      expect(peer.onlinePeriods).toHaveLength(ONLINE_PERIODS_MAX);
      expect(peer.onlinePeriods.every(({ fromMs, toMs }) => fromMs <= toMs)).toBe(true);
    }
    expect(ProfileLayout.sizeMax).toBeLessThan(2_400);
    expect(ProfilesLayout.sizeMax).toBeLessThan(25_000);
  });

  test("outlive a restart as bytes, with the same suspicions, and refuse bytes that are none [N08]", () => {
    for (const of of [long(), table(1, "air", 0.9), profiles(1)]) {
      const bytes = takeProfiles(of);
      const restored = restoreProfiles(bytes)!;
      expect(restored).toEqual(of);
      expect(suspicionsOf(restored, AIR_NORM)).toEqual(suspicionsOf(of, AIR_NORM));
      expect(restoreProfiles(bytes.subarray(1))).toBeUndefined();
      expect(restoreProfiles(Uint8Array.of(...bytes, 0))).toBeUndefined();
    }
    const of = table(1, "air", 0.9);
    expect(restoreProfiles(takeProfiles({ ...of, pairs: of.pairs.slice(1) }))).toBeUndefined();
    of.pairs[0]!.bothAgainst = of.pairs[0]!.rounds;
    expect(restoreProfiles(takeProfiles(of))).toBeUndefined();
  });
});
