import { describe, expect, test } from "vitest";
import type { Effect } from "../../../../host/engine/consensus/events.ts";
import { step } from "../../../../host/engine/consensus/step.ts";
import { LAN } from "../../../../host/engine/timing/profiles.ts";
import type { Batch } from "../../../../protocol/agreement/request.ts";
import { millis, view } from "../../../../protocol/core/units.ts";
import { type Rig, run, submit } from "../../../simulator/rig.ts";
import {
  answers,
  calm,
  done,
  empty,
  entered,
  executions,
  expectTogether,
  only,
  proposing,
  set,
  stateOf,
  tell,
} from "./stories.ts";
import { blank, wishBy } from "./wishes.ts";

/** Sequences of barriers, as everyone executed them. */
const barriers = (of: Rig): number[] => {
  const { journal } = of.kiosks[0];
  const batches = journal.flatMap((record) =>
    record.type === "batch" && record.batch.barrier !== undefined ? [record.sequence as number] : [],
  );
  return [...new Set(batches)];
};

describe("the primary hands over every 30 s", () => {
  test("ten times under load: nothing is lost, nothing done twice, and nobody waits a second for it [C06]", () => {
    const of = calm(4, { checkpointEvery: 50 });
    const asked: string[] = [];
    const numbers = [0, 0, 0, 0];
    for (let turn = 0; of.kiosks[0].replica.view < 10; turn++) {
      const who = turn % 4;
      asked.push(`${who}/${++numbers[who]}`);
      submit(of, who, set(`k${turn % 7}`, `${turn}`));
      run(of, of.now + 200 + (turn % 3) * 7);
      expect(turn).toBeLessThan(2_000);
    }
    run(of, of.now + 1_000);
    expect(entered(of, 2)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(of.now).toBeGreaterThan(300_000);
    expect(done(of, 3).sort()).toEqual(asked.sort());
    for (const index of [0, 1, 2, 3])
      expect(answers(of, index).map(({ number }) => number)).toEqual(
        Array.from({ length: numbers[index] }, (_, at) => at + 1),
      );
    // Agreed time runs with the kiosks' clocks: two executions are no further apart than two requests and a hand-over.
    const times = executions(of, 0).map(({ time }) => time as number);
    const gaps = times.slice(1).map((time, at) => time - times[at]);
    expect(Math.max(...gaps)).toBeLessThan(1_000);
    expect(of.kiosks.map(({ replica }) => replica.timing.patience.doublings)).toEqual([0, 0, 0, 0]);
    expectTogether(of);
  });

  test("with a proposal under way: it is decided before the barrier, and what waits comes after it [C06]", () => {
    const of = calm(4, { checkpointEvery: 50, batchLengthMax: 1, window: 8, profile: { ...LAN, rotateMs: 1_000 } });
    submit(of, 1, set("k", "first"));
    run(of, of.now + 995);
    for (let count = 0; count < 40; count++) submit(of, count % 4, set("k", `${count}`));
    run(of, of.now + 900);
    expect(entered(of, 3)).toEqual([1]);
    expect(done(of, 3)).toHaveLength(41);
    const [barrier] = barriers(of);
    const before = executions(of, 0).filter(({ sequence, done }) => sequence < barrier && done.length > 0).length;
    expect([before > 1, before < 41]).toEqual([true, true]);
    expectTogether(of);
  });

  test("and nothing above a barrier is voted on before its checkpoint is stable; then everyone begins in its view, with an empty log [C06]", () => {
    const of = calm(4, { checkpointEvery: 50, profile: { ...LAN, rotateMs: 1_000 } });
    submit(of, 1, set("k", "v"));
    run(of, of.now + 900);
    // Checkpoints do not get through.
    of.drop = ({ said }) => said?.type === "ballot" && said.ballot.checkpoint !== undefined;
    const { replica } = of.kiosks[1];
    run(of, of.now + 5_000, () => replica.barrier !== undefined && replica.executed === replica.barrier);
    const barrier = replica.barrier!;
    submit(of, 2, set("k", "later"));
    run(of, of.now + 100);
    const { start } = replica;
    const base = { sequence: replica.state.sequence as never, digest: replica.state.history };
    const { said } = proposing(of, 0, [{ ...empty(of.now) }], { base });
    tell(of, 1, said);
    expect(
      of.kiosks.map(({ replica }) => [replica.view, replica.own.prepared <= barrier, replica.own.proposed <= barrier]),
    ).toEqual(of.kiosks.map(() => [0, true, true]));
    expect(start.sequence).toBe(0);
    of.drop = () => false;
    run(of, of.now + 500);
    for (const { replica } of of.kiosks) {
      expect([replica.view, replica.start.sequence, replica.stable.header.sequence]).toEqual([1, barrier, barrier]);
      expect([replica.stable.header.barrier, replica.stable.header.view]).toEqual([1, 1]);
    }
    expect(done(of, 3)).toEqual(["1/1", "2/1"]);
    expectTogether(of);
  });

  test("not before its time: a primary that wants to be rid of its turn finds no votes [C06]", () => {
    const of = calm(4, { profile: { ...LAN, rotateMs: 1_000 } });
    submit(of, 1, set("k", "v"));
    run(of, of.now + 500);
    const { state } = of.kiosks[1].replica;
    const base = { sequence: state.sequence as never, digest: state.history };
    const barrier = (time: number, into: number): Batch => ({
      ...empty(time),
      barrier: { type: "rotate", view: view(into) },
    });
    for (const [batch, votes] of [
      [barrier(of.now, 1), false],
      // When it is due, into a view within a round, and no other.
      [barrier(of.now + 700, 0), false],
      [barrier(of.now + 700, 5), false],
      [barrier(of.now + 700, 4), true],
    ] as const) {
      const kiosk = of.kiosks[1];
      const { replica } = kiosk;
      kiosk.replica = structuredClone(replica);
      tell(of, 1, proposing(of, 0, [batch], { base }).said);
      expect([batch.time, kiosk.replica.own.prepared === base.sequence + 1]).toEqual([batch.time, votes]);
      kiosk.replica = replica;
    }
  });

  test("and what a primary proposes above its barrier, in the same breath, is not prepared [C06]", () => {
    const of = calm(4, { profile: { ...LAN, rotateMs: 1_000 } });
    submit(of, 1, set("k", "v"));
    run(of, of.now + 500);
    const { replica } = of.kiosks[1];
    const { state } = replica;
    const base = { sequence: state.sequence as never, digest: state.history };
    const barrier: Batch = { ...empty(of.now + 700), barrier: { type: "rotate", view: view(1) } };
    tell(of, 1, proposing(of, 0, [empty(of.now), empty(of.now + 1), barrier, empty(of.now + 701)], { base }).said);
    // Nor is the barrier itself before everything below it is executed.
    expect([replica.known - base.sequence, replica.own.prepared - base.sequence]).toEqual([4, 2]);
    const alone = calm(4, { profile: { ...LAN, rotateMs: 1_000 } });
    submit(alone, 1, set("k", "v"));
    run(alone, alone.now + 500);
    tell(alone, 1, proposing(alone, 0, [barrier, empty(of.now + 701)], { base }).said);
    expect(alone.kiosks[1].replica.own.prepared - base.sequence).toBe(1);
  });

  test("and where the checkpoint of its barrier was lost, and its view is over, it is said again in the next [C06]", () => {
    const of = calm(4, { profile: { ...LAN, rotateMs: 1_000 } });
    submit(of, 1, set("k", "v"));
    run(of, of.now + 500);
    of.drop = ({ said }) => said?.type === "ballot" && said.ballot.view === 0 && said.ballot.checkpoint !== undefined;
    submit(of, 1, set("k", "w"));
    run(of, of.now + 700);
    const { barrier } = of.kiosks[2].replica;
    expect([barrier, of.kiosks[2].replica.executed]).toEqual([barrier, barrier]);
    // Whoever heard it is gone: nothing of the first view comes any more.
    of.drop = ({ said }) => said?.type === "ballot" && said.ballot.view === 0;
    submit(of, 3, set("k", "x"));
    run(of, of.now + 10_000, () => of.kiosks.every(({ replica }) => replica.executed > (barrier ?? 0)));
    for (const { replica } of of.kiosks)
      expect(replica.stable.header.sequence).toBeGreaterThanOrEqual(barrier ?? Number.NaN);
    expect(of.kiosks[0].replica.view).toBeGreaterThan(0);
  });

  test("who wants another view alone is out of this one for an eighth of a turn, also at a silent table [C06]", () => {
    const of = calm(4);
    submit(of, 1, set("k", "v"));
    run(of, of.now + 500);
    // Nothing comes in: what it asks for itself is answered to everybody else, and it thinks that its primary is silent.
    of.drop = ({ to }) => to === 2;
    submit(of, 2, set("k", "w"));
    run(of, of.now + 2_000, () => of.kiosks[2].replica.phase === "changing");
    of.drop = () => false;
    run(of, of.now + 1_000);
    const phases = (): unknown[] => of.kiosks.map(({ replica }) => [replica.phase, replica.view]);
    expect(phases()).toEqual(["normal", "normal", "changing", "normal"].map((phase) => [phase, 0]));
    run(of, of.now + LAN.rotateMs / 8);
    expect(phases()).toEqual([0, 1, 2, 3].map(() => ["normal", 1]));
    expectTogether(of);
  });

  test("and whoever wishes without end makes eight turns of one, and no more [C06]", () => {
    const of = calm(4, { profile: { ...LAN, rotateMs: 8_000 } });
    submit(of, 1, set("k", "v"));
    run(of, of.now + 100);
    for (let second = 0; second < 24; second++) {
      for (const to of [0, 1, 2]) tell(of, to, wishBy(of, 3, blank(of, 1_000 + second)));
      submit(of, 1, set("k", `${second}`));
      run(of, of.now + 1_000);
    }
    expect(done(of, 0)).toHaveLength(25);
    // Without its wishes there were two; in its own turn it does not count.
    expect([entered(of, 0).length > 4, entered(of, 0).length <= 24]).toEqual([true, true]);
    expect(of.kiosks[1].replica.phase).toBe("normal");
  });

  test("and what waits comes before a hand-over, or his wishes would leave time for nothing else [C06]", () => {
    const of = calm(4, { profile: { ...LAN, rotateMs: 1_000 } });
    submit(of, 1, set("k", "v"));
    for (const to of [0, 1, 2]) tell(of, to, wishBy(of, 3, blank(of, 1_000)));
    run(of, of.now + 5_000, () => of.kiosks.slice(0, 3).every(({ replica }) => replica.view > 0));
    const { replica, world } = of.kiosks[of.kiosks[0].replica.view % 4];
    // The next turn is over, and nobody has noticed, when something is asked for.
    const effects: Effect[] = [];
    step(replica, { type: "submit", at: millis(of.now + 2_000), seat: 0, operation: set("k", "w") }, effects, world);
    const batches = only(effects, "persist").flatMap(({ record }) => (record.type === "batch" ? [record.batch] : []));
    expect(batches.map(({ barrier, requests }) => [barrier, requests.length])).toEqual([[undefined, 1]]);
  });

  test("and a table at which nothing happens stays as it is [C06]", () => {
    const of = calm(4);
    submit(of, 1, set("k", "v"));
    run(of, 200_000);
    // One turn ends after what happened in it; the next has nothing to end for.
    expect(entered(of, 0).length).toBeLessThanOrEqual(1);
    expect(executions(of, 0).length).toBeLessThanOrEqual(2);
    expect(stateOf(of, 0)).toBe(stateOf(of, 3));
  });
});
