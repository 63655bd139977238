import { describe, expect, test } from "vitest";
import { judge } from "../../../../host/engine/consensus/evidence.ts";
import { compact, hintOf } from "../../../../host/engine/consensus/statements.ts";
import type { Ballot } from "../../../../protocol/agreement/ballot.ts";
import { memberIndex, sequence, view } from "../../../../protocol/core/units.ts";
import { type Rig, run, submit } from "../../../simulator/rig.ts";
import {
  accusations,
  ballotBy,
  calm,
  complaints,
  done,
  empty,
  expectTogether,
  only,
  proposing,
  saying,
  set,
  tell,
} from "./stories.ts";

/** A backup that has prepared one batch of the primary's. */
function begun(n: number) {
  const of = calm(n);
  const { said, places } = proposing(of, 0, [empty(1)]);
  tell(of, 1, said);
  const [place] = places;
  const prepare = (who: number, to = 1, what: Partial<Ballot> = { prepared: place }) =>
    tell(of, to, saying(ballotBy(of, who, what)));
  return { of, place, prepare };
}

const committed = (of: Rig, index: number): number => of.kiosks[index].replica.own.committed;

describe("votes", () => {
  test("of a kiosk itself count: with one of four dead the rest go on [B06]", () => {
    const of = calm(4, { fastPath: false });
    of.kiosks[3].up = false;
    submit(of, 1, set("k", "v"));
    run(of, of.now + 200);
    expect([0, 1, 2].map((index) => done(of, index))).toEqual([["1/1"], ["1/1"], ["1/1"]]);
    expect(of.kiosks.slice(0, 3).map(({ replica }) => replica.view)).toEqual([0, 0, 0]);
    expectTogether(of, [0, 1, 2]);
  });

  test("of one member are one vote, however often it is said, signed anew or passed on [B06]", () => {
    const { of, place, prepare } = begun(7);
    for (let again = 0; again < 10; again++) {
      prepare(2);
      prepare(2, 1, { prepared: place, checkpoint: { sequence: sequence(50 + again), digest: place.digest } });
    }
    // The primary, itself and one more are three of the five that it takes.
    expect(committed(of, 1)).toBe(0);
    prepare(3);
    expect(committed(of, 1)).toBe(0);
    prepare(4);
    expect(committed(of, 1)).toBe(1);
  });

  test("of one member for two histories are evidence, and no second vote [B06]", () => {
    const { of, place, prepare } = begun(7);
    const other = proposing(of, 0, [empty(2)]).places[0];
    prepare(2);
    const effects = prepare(2, 1, { prepared: other });
    expect(only(effects, "evidence")).toHaveLength(1);
    const [evidence] = accusations(of, 1);
    // Whoever it is shown to comes to the same, by the members' keys alone.
    for (const { replica, world } of of.kiosks) expect(judge(replica, world.ports, evidence)).toBe(2);
    prepare(3);
    expect([committed(of, 1), of.kiosks[1].replica.votes.prepared[2]]).toEqual([0, place.sequence]);
  });

  test("of different phases, and of one phase at different sequences, are no evidence", () => {
    const of = calm(7);
    const { said, places } = proposing(of, 0, [empty(1), empty(2)]);
    const votes = [
      { prepared: places[0] },
      { prepared: places[1] },
      { prepared: places[1], committed: places[0] },
      { prepared: places[1], committed: places[1] },
    ];
    tell(of, 1, said);
    for (const what of votes) tell(of, 1, saying(ballotBy(of, 2, what)));
    expect(accusations(of, 1)).toEqual([]);
  });

  test("for a history that is not the own are no lie: they do not count, and the link does not pay [B06]", () => {
    const { of, prepare } = begun(4);
    const other = proposing(of, 0, [empty(2)]).places[0];
    const effects = prepare(2, 1, { prepared: other });
    expect([complaints(effects), only(effects, "evidence")]).toEqual([[], []]);
    expect(of.kiosks[1].replica.votes.prepared[2]).toBe(0);
    expect(committed(of, 1)).toBe(0);
  });

  test("that come before what they are for wait for it", () => {
    const of = calm(4, { fastPath: false });
    const { said, places } = proposing(of, 0, [empty(1)]);
    const full = {
      view: view(0),
      proposed: undefined,
      prepared: places[0],
      committed: undefined,
      checkpoint: undefined,
    };
    tell(of, 1, { ...saying(compact(ballotBy(of, 2, full))), hint: hintOf(full) });
    expect(of.kiosks[1].replica.votes.waiting[2]).toHaveLength(1);
    tell(of, 1, said);
    expect([of.kiosks[1].replica.votes.waiting[2], committed(of, 1)]).toEqual([[], 1]);
  });
});

test("a vote that leaves out its history, and has our hint and another history, is no lie: two batches with one hint are soon found", () => {
  const of = calm(4, { fastPath: false });
  const [ours, theirs] = [proposing(of, 0, [empty(1)]), proposing(of, 0, [empty(2)])];
  tell(of, 1, ours.said);
  const blank = { view: view(0), proposed: undefined, committed: undefined, checkpoint: undefined };
  const said = saying(compact(ballotBy(of, 2, { ...blank, prepared: theirs.places[0] })));
  const effects = tell(of, 1, { ...said, hint: hintOf({ ...blank, prepared: ours.places[0]! }) });
  expect([complaints(effects), of.kiosks[1].replica.votes.prepared[2]]).toEqual([[], 0]);
});

describe("a vote's signature holds for nothing else", () => {
  const refused = (relabel: (said: ReturnType<typeof saying>) => ReturnType<typeof saying>, what?: Partial<Ballot>) => {
    const { of, place } = begun(4);
    const honest = saying(ballotBy(of, 2, what ?? { prepared: place }));
    const before = structuredClone(of.kiosks[1].replica.votes);
    const effects = tell(of, 1, relabel(honest));
    expect(complaints(effects)).toEqual(["bad signature"]);
    expect(of.kiosks[1].replica.votes).toEqual(before);
    expect(accusations(of, 1)).toEqual([]);
  };

  test("not in another phase: a prepare is no commit, and a commit no prepare [B11]", () => {
    refused(({ ballot, ...rest }) => ({
      ...rest,
      ballot: { ...ballot, prepared: undefined, committed: ballot.prepared },
    }));
    const { place } = begun(4);
    refused(
      ({ ballot, ...rest }) => ({ ...rest, ballot: { ...ballot, committed: undefined, prepared: ballot.committed } }),
      { committed: place },
    );
  });

  test("not in another view [B11]", () => {
    const { of, place } = begun(4);
    const later = saying(ballotBy(of, 2, { view: view(3), prepared: place }));
    const effects = tell(of, 1, { ...later, ballot: { ...later.ballot, view: view(0) } });
    expect(complaints(effects)).toEqual(["bad signature"]);
    expect(of.kiosks[1].replica.votes.prepared[2]).toBe(0);
    // As it was said it is about another view, and counts in none but that.
    tell(of, 1, later);
    expect(of.kiosks[1].replica.votes.prepared[2]).toBe(0);
  });

  test("not of another member, whoever passes it on [B11] [B06]", () => {
    refused(({ ballot, ...rest }) => ({ ...rest, ballot: { ...ballot, sender: memberIndex(3) } }));
  });

  test("not in another epoch, nor at another table [B11]", () => {
    for (const change of [{ epoch: 1 }, { table: new Uint8Array(16).fill(2) }]) {
      const { of, place } = begun(4);
      const stranger = begun(4).of;
      Object.assign(stranger.kiosks[2].replica, change);
      const effects = tell(of, 1, saying(ballotBy(stranger, 2, { prepared: place })));
      expect(complaints(effects)).toEqual(["bad signature"]);
      expect(of.kiosks[1].replica.votes.prepared[2]).toBe(0);
    }
  });

  test("not of nobody: a place beyond the members is refused before any key is looked for", () => {
    const { of, place } = begun(4);
    const honest = saying(ballotBy(of, 2, { prepared: place }));
    const effects = tell(of, 1, { ...honest, ballot: { ...honest.ballot, sender: memberIndex(9) } });
    expect(complaints(effects)).toEqual(["no such member"]);
  });
});
