import { describe, expect, test } from "vitest";
import { LAN } from "../../../../host/engine/timing/profiles.ts";
import { VIEW_MAX } from "../../../../protocol/core/limits.ts";
import { memberIndex, sequence, view } from "../../../../protocol/core/units.ts";
import type { Message } from "../../../../protocol/message/kinds.ts";
import { feed, type Rig, run, submit } from "../../../simulator/rig.ts";
import { answers, calm, done, entered, expectTogether, hear, only, set } from "./stories.ts";

const brisk = { profile: { ...LAN, rotateMs: 1_000 } };
const proposal = (of: Rig, term: number, priorityScore = 999): Message => {
  const { start } = of.kiosks[0].replica;
  return {
    type: "leaderProposal",
    term: view(term),
    priorityScore,
    executed: { sequence: sequence(0), digest: start.digest },
  };
};
const accept = (term: number, leader: number): Message => ({
  type: "leaderAccept",
  term: view(term),
  leader: memberIndex(leader),
  priorityScore: 500,
});
const accepted = (of: Rig, index: number): (number | undefined)[] =>
  of.kiosks[index].replica.leadership.accepts.map((each) => each?.term);

describe("a leader proposal", () => {
  test("for the highest term that there is, or any beyond one round, changes nothing and is answered by nothing [C07]", () => {
    const of = calm(4);
    const { leadership } = of.kiosks[2].replica;
    const before = structuredClone(leadership);
    for (const term of [VIEW_MAX, VIEW_MAX - (VIEW_MAX % 4) + 1, 5, 9]) {
      expect([term, hear(of, 2, 1, proposal(of, term))]).toEqual([term, []]);
    }
    expect([leadership, of.kiosks[2].replica.view]).toEqual([before, 0]);
    // A term of one round is answered.
    expect(only(hear(of, 2, 1, proposal(of, 1)), "send").map(({ message }) => message)).toMatchObject([
      { type: "leaderAccept", term: 1, leader: 1 },
    ]);
  });

  test("for a term that is another's, or that is over, is none [C07]", () => {
    const of = calm(4);
    for (const [from, term] of [
      [1, 2],
      [3, 1],
      [0, 0],
      [0, 1],
    ] as const)
      expect(hear(of, 2, from, proposal(of, term))).toEqual([]);
    expect(accepted(of, 2)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("is accepted once, and no lower term after it, however well its leader says it would lead [C07]", () => {
    const of = calm(4);
    const terms = [
      [3, 3, 100],
      [1, 1, 999],
      [3, 3, 999],
      [2, 2, 999],
    ].flatMap(([from, term, score]) =>
      only(hear(of, 0, from, proposal(of, term, score)), "send").map(
        ({ message }) => (message as { term: number }).term,
      ),
    );
    expect(terms).toEqual([3]);
    expect(accepted(of, 0)).toEqual([3, undefined, undefined, undefined]);
  });

  test("moves no view, not even with everyone's acceptance [C07]", () => {
    const of = calm(4);
    hear(of, 0, 2, proposal(of, 2));
    for (const from of [1, 2, 3]) hear(of, 0, from, accept(2, 2));
    run(of, of.now + 1_000);
    expect([of.kiosks[0].replica.view, entered(of, 0)]).toEqual([0, []]);
  });
});

describe("the view that a rotation names", () => {
  /** Before the first turn is over, member 3 says that it would lead best. */
  function turn(of: Rig): number[] {
    of.kiosks[3].replica.leadership.score = 900;
    submit(of, 1, set("k", "v"));
    run(of, of.now + 40_000, () => of.kiosks.every(({ replica }) => replica.view > 0));
    expectTogether(of);
    return of.kiosks.map(({ replica }) => replica.view);
  }

  test("is the term that a quorum accepted [C07]", () => {
    expect(turn(calm(4))).toEqual([3, 3, 3, 3]);
  });

  test("is the next one where the primary hears one acceptance too few, or a liar's twice and for two terms [C07]", () => {
    const of = calm(4);
    of.drop = ({ from, to, message }) => message?.type === "leaderAccept" && to === 0 && from > 1;
    for (let again = 0; again < 3; again++) hear(of, 0, 1, accept(3, 3));
    expect(turn(of)).toEqual([1, 1, 1, 1]);
  });

  test("is the next one where acceptances name somebody whose term it is not, or terms that nobody can lead yet [C07]", () => {
    const of = calm(4);
    of.drop = ({ message }) => message?.type === "leaderProposal" || message?.type === "leaderAccept";
    for (const from of [1, 2, 3]) {
      hear(of, 0, from, accept(3, 2));
      hear(of, 0, from, accept(7, 3));
      hear(of, 0, from, accept(VIEW_MAX, VIEW_MAX % 4));
    }
    expect(accepted(of, 0)).toEqual([undefined, undefined, undefined, undefined]);
    expect(turn(of)).toEqual([1, 1, 1, 1]);
  });
});

describe("a kiosk that sleeps", () => {
  const sleep = (of: Rig, members: number, who: readonly number[]): void => {
    for (const index of who) feed(of, index, { type: "asleep", at: of.kiosks[index].replica.now, members });
  };
  /** It is heard late, and answers late: by a radio that wakes now and then. */
  const slow = (of: Rig, sleeper: number): void => {
    of.drop = (sent) => {
      if (sent.from !== sleeper && sent.to !== sleeper) return false;
      of.order += 1;
      of.queue.push({ at: of.now + 400, order: of.order, sent });
      return true;
    };
  };

  test("is never named primary, in eight turns of four [J07]", () => {
    const of = calm(4, brisk);
    sleep(of, 1 << 2, [0, 1, 2, 3]);
    const leaders: number[] = [];
    for (let turn = 0; leaders.length < 8 && turn < 500; turn++) {
      submit(of, turn % 4, set("k", `${turn}`));
      run(of, of.now + 100);
      leaders.splice(0, leaders.length, ...entered(of, 0).map((each) => each % 4));
    }
    expect(leaders.slice(0, 8)).toEqual([1, 3, 0, 1, 3, 0, 1, 3]);
    expectTogether(of);
  });

  test("is passed over when a primary dies, also where one of them does not know that it sleeps [J07]", () => {
    for (const knowing of [
      [0, 1, 2, 3, 4, 5, 6],
      [2, 3, 4, 5, 6],
    ]) {
      const of = calm(7);
      sleep(of, 1 << 1, knowing);
      of.kiosks[0].up = false;
      submit(of, 3, set("k", "v"));
      run(of, of.now + 5_000, () => [2, 3, 4, 5, 6].every((index) => done(of, index).length === 1));
      expect([2, 3, 4, 5, 6].map((index) => entered(of, index))).toEqual([2, 3, 4, 5, 6].map(() => [2]));
    }
  });

  test("is missed by nobody while it is the only one: its absence is one of the f [J07]", () => {
    const of = calm(4);
    sleep(of, 1 << 2, [0, 1, 2, 3]);
    slow(of, 2);
    for (let turn = 0; turn < 10; turn++) {
      submit(of, turn % 2, set("k", `${turn}`));
      run(of, of.now + 60);
    }
    expect([answers(of, 0).length + answers(of, 1).length, entered(of, 0)]).toEqual([10, []]);
    run(of, of.now + 5_000);
    expect(done(of, 2)).toHaveLength(10);
    // With another one gone there is no quorum without it, and its pace is everyone's.
    of.kiosks[3].up = false;
    const start = of.now;
    submit(of, 0, set("k", "late"));
    run(of, of.now + 30_000, () => answers(of, 0).length === 6);
    expect(answers(of, 0)).toHaveLength(6);
    expect(of.now - start).toBeGreaterThan(400);
    expectTogether(of, [0, 1]);
  });

  test("says nothing about leading, and nobody accepts it [J07]", () => {
    const of = calm(4);
    sleep(of, 1 << 2, [0, 1, 2, 3]);
    submit(of, 1, set("k", "v"));
    run(of, of.now + 29_000);
    const leaders = of.log.flatMap(({ from, message }) => (message?.type === "leaderProposal" ? [from] : []));
    expect([...new Set(leaders)].sort()).toEqual([0, 1, 3]);
    expect(hear(of, 0, 2, proposal(of, 2))).toEqual([]);
    expect(accepted(of, 0)).not.toContain(2);
  });

  test("is one of many: when all sleep, somebody leads all the same [J07]", () => {
    const of = calm(4, brisk);
    sleep(of, 0b1111, [0, 1, 2, 3]);
    for (let turn = 0; turn < 25; turn++) {
      submit(of, turn % 4, set("k", `${turn}`));
      run(of, of.now + 100);
    }
    expect(entered(of, 3)).toEqual([1, 2]);
    of.kiosks[2].up = false;
    submit(of, 0, set("k", "last"));
    run(of, of.now + 3_000);
    expect(entered(of, 3).slice(0, 3)).toEqual([1, 2, 3]);
    expect(done(of, 3)).toHaveLength(26);
  });
});
