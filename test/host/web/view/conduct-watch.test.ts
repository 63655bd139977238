import { expect, it } from "vitest";
import type { Effect } from "../../../../host/engine/consensus/events.ts";
import type { Replica } from "../../../../host/engine/consensus/state.ts";
import { PASS } from "../../../../host/engine/games/craps/spots.ts";
import { DELTAS_PPM, PRIOR_PPM } from "../../../../host/engine/judge/conduct.ts";
import { LATENCIES_MIN, SAMPLES_MIN, WHOLE_PPM } from "../../../../host/engine/judge/limits.ts";
import { atInterval, BLE } from "../../../../host/engine/timing/profiles.ts";
import { nameOfKey } from "../../../../host/mesh/judge.ts";
import {
  conductWatch,
  type Detection,
  noConductWatch,
  USUAL_DETECTION,
} from "../../../../host/web/view/conduct-watch.ts";
import { VOTES_LOOK_SEQUENCES } from "../../../../host/web/view/limits.ts";
import { WatchedKiosks } from "./watched-kiosks.ts";

const START = 1_790_000_000_000;
const KEYS = [0, 1, 2].map((at) => new Uint8Array(32).fill(at));

/** Of what a replica knows, as much as is looked at: member 0 looks, and the others have voted up to these. */
function watching(wanted: Detection, me = 0) {
  const watch = conductWatch(wanted);
  const votes = { prepared: [0, 0, 0], committed: [0, 0, 0] };
  const replica = { me, members: KEYS, phase: "normal", executed: 0, votes, state: { time: START } };
  const see = (effect: object): void => watch.see(effect as Effect, replica as unknown as Replica<unknown>);
  return {
    see,
    of: (member: number) => watch.of(KEYS[member]!, START),
    /** `voting`: who votes for what is executed. */
    execute(count: number, voting: readonly number[]): void {
      for (let each = 0; each < count; each++) {
        replica.executed += 1;
        for (const member of voting) votes.prepared[member] = replica.executed;
        see({ type: "executed", sequence: replica.executed });
      }
    },
    enter(): void {
      for (const each of [votes.prepared, votes.committed]) each.fill(0);
      see({ type: "entered" });
    },
  };
}

const ENOUGH = VOTES_LOOK_SEQUENCES * SAMPLES_MIN;

it("who does not vote is odd once enough was seen, and who does is not; of oneself nothing is said [E05]", () => {
  const of = watching(USUAL_DETECTION);
  of.execute(ENOUGH - VOTES_LOOK_SEQUENCES, [1]);
  expect([1, 2].map((member) => of.of(member))).toMatchObject([{ reputation: null }, { reputation: null }]);
  of.execute(2 * VOTES_LOOK_SEQUENCES, [1]);
  expect(of.of(1)).toEqual({ reputation: expect.closeTo(0.71, 2), oddities: [] });
  expect(of.of(2).oddities).toEqual(["absence"]);
  expect(of.of(0)).toEqual({ reputation: null, oddities: [] });
});

it("votes of a view that has just begun are not missed", () => {
  const of = watching(USUAL_DETECTION);
  for (let view = 0; view < 3 * SAMPLES_MIN; view++) {
    of.enter();
    of.execute(VOTES_LOOK_SEQUENCES, []);
    of.execute(2 * VOTES_LOOK_SEQUENCES, [1, 2]);
  }
  expect([1, 2].map((member) => of.of(member).oddities)).toEqual([[], []]);
});

it("who signs what nobody may stands lower, and below what an operator wants is told of", () => {
  const contradiction = { type: "evidence", evidence: { type: "contradiction", first: { sender: 2 } } };
  const least = (PRIOR_PPM + SAMPLES_MIN * DELTAS_PPM.success) / WHOLE_PPM;
  for (const [reputationMinPpm, oddities] of [
    [WHOLE_PPM * least, ["low reputation"]],
    [0, []],
  ] as const) {
    const of = watching({ reputationMinPpm, namesOddities: false, watchesDice: false });
    of.execute(ENOUGH, [1, 2]);
    const before = of.of(2).reputation!;
    of.see(contradiction);
    const { reputation } = of.of(2);
    expect(before - reputation!).toBeCloseTo(-DELTAS_PPM.contradiction / WHOLE_PPM, 5);
    expect([of.of(1).oddities, of.of(2).oddities]).toEqual([[], oddities]);
  }
});

it("who only looks on counts nobody's votes, and so misses none", () => {
  const of = watching(USUAL_DETECTION, -1);
  of.execute(2 * ENOUGH, []);
  expect([1, 2].map((member) => of.of(member))).toEqual(new Array(2).fill({ reputation: null, oddities: [] }));
});

it("a neighbour that has become slow by its own standard is named, once for each time that a radio says so, and no longer when it is as before [E07]", () => {
  const [slow, silent] = [conductWatch(USUAL_DETECTION), conductWatch({ ...USUAL_DETECTION, namesOddities: false })];
  const peer = nameOfKey(KEYS[1]!);
  let profile = BLE;
  const say = (roundTripMs: number | undefined): readonly string[] => {
    const health = { rssiDbm: -60, loss: 0, roundTripMs };
    // A page looks more often than a radio speaks.
    for (let look = 0; look < 10; look++) for (const watch of [slow, silent]) watch.measured(peer, health, profile);
    expect(silent.of(KEYS[1]!, START).oddities).toEqual([]);
    expect(slow.of(KEYS[2]!, START).oddities).toEqual([]);
    return slow.of(KEYS[1]!, START).oddities;
  };
  for (let told = 0; told < LATENCIES_MIN + 5; told++) expect(say(60 + (told % 7))).toEqual([]);
  expect([600, undefined, 600].map(say)).toEqual([[], [], []]);
  expect(say(600)).toEqual(["slower than usual"]);
  for (let told = 0; told < 6; told++) say(62);
  expect(say(62)).toEqual([]);

  // At night all nap, and wake in the morning.
  for (const [usual, intervalMs] of [
    [1_400, 200],
    [61, 20],
  ] as const) {
    profile = atInterval(BLE, intervalMs);
    for (let told = 0; told < LATENCIES_MIN + 5; told++) expect(say(usual + (told % 7))).toEqual([]);
  }
});

it("where nobody wants to know, nobody is looked at", () => {
  expect(noConductWatch.of(KEYS[1]!, START)).toEqual({ reputation: null, oddities: [] });
});

it("an operator sees that one of four is gone, by agreement alone [E05]", async () => {
  const of = new WatchedKiosks(4);
  await of.seated();
  of.carry = ({ from, to }) => from !== 3 && to !== 3;
  const isSeen = (): boolean => of.shown(0).members[3]!.oddities.length > 0;
  for (let played = 0; played < 300 && !isSeen(); played++) {
    await of.ordered(0, { type: "bet", code: PASS, chips: 1 });
    await of.run(50);
  }
  const { members } = of.shown(0);
  expect(members.map(({ oddities }) => oddities)).toEqual([[], [], [], ["absence"]]);
});
