import { describe, expect, test } from "vitest";
import { sameName } from "../../../../host/engine/consensus/log.ts";
import { faultsMax, quorum } from "../../../../host/engine/consensus/quorum.ts";
import { type Rig, run, submit } from "../../../simulator/rig.ts";
import {
  accusations,
  ballotBy,
  calm,
  done,
  empty,
  executions,
  expectOneHistory,
  expectTogether,
  pass,
  proposing,
  saying,
  set,
  tell,
  watch,
} from "./stories.ts";
import { blank, wishBy } from "./wishes.ts";

const commits = (heard: ReturnType<typeof watch>): number =>
  heard.filter(({ said }) => said?.type === "ballot" && said.ballot.committed !== undefined).length;

describe("the fast path", () => {
  test.each([4, 7, 10])("decides on the prepares of all %i, a hop earlier and without a commit [F01]", (n) => {
    const of = calm(n);
    const heard = watch(of);
    const start = of.now;
    submit(of, 1, set("k", "v"));
    run(of, of.now + 19, () => of.kiosks.every(({ replica }) => replica.executed === 1));
    // A request, a proposal, a prepare: each a hop of a millisecond.
    expect([of.now - start, commits(heard)]).toEqual([3, 0]);
    for (const { replica } of of.kiosks) expect(replica.decision?.certificate.phase).toBe("unanimous");
    const slow = calm(n, { fastPath: false });
    submit(slow, 1, set("k", "v"));
    run(slow, slow.now + 19, () => slow.kiosks.every(({ replica }) => replica.executed === 1));
    expect(slow.now - start).toBe(4);
    for (const { replica } of slow.kiosks) expect(replica.decision?.certificate.phase).toBe("committed");
  });

  test.each([4, 5, 6, 7, 8, 9, 10])(
    "does not decide on %i votes less one: commits follow after 20 ms, and a quorum of them decides [F01]",
    (n) => {
      const of = calm(n);
      of.kiosks[n - 1].up = false;
      const start = of.now;
      submit(of, 1, set("k", "v"));
      run(of, of.now + 19);
      expect(of.kiosks.map(({ replica }) => replica.decided)).toEqual(new Array(n).fill(0));
      run(of, of.now + 200, () => of.kiosks.every(({ up, replica }) => !up || replica.executed === 1));
      expect(of.now - start).toBe(4 + 20);
      expect(of.kiosks[0].replica.decision?.certificate.phase).toBe("committed");
    },
  );

  test("gives way to the normal one where the primary tells two histories, and they disagree about nothing [F01]", () => {
    const of = calm(4);
    const [one, other] = [proposing(of, 0, [empty(100)]), proposing(of, 0, [empty(101)])];
    of.kiosks[0].up = false;
    for (const to of [1, 2]) tell(of, to, one.said);
    tell(of, 3, other.said);
    run(of, of.now + 10);
    expect(of.kiosks.map(({ replica }) => replica.decided)).toEqual([0, 0, 0, 0]);
    // It commits to both of them.
    for (const to of [1, 2])
      pass(of, 0, to, saying(ballotBy(of, 0, { proposed: one.places[0], committed: one.places[0] })));
    pass(of, 0, 3, saying(ballotBy(of, 0, { proposed: other.places[0], committed: other.places[0] })));
    run(of, of.now + 5_000);
    for (const index of [1, 2, 3]) expect(executions(of, index).map(({ time }) => time)).toEqual([1_790_000_000_100]);
    expect(of.kiosks[1].replica.decision?.certificate.phase).toBe("committed");
    expect(accusations(of, 3).map(({ type }) => type)).toEqual(["contradiction"]);
    expectOneHistory(of, [1, 2, 3]);
  });

  /** One honest member alone sees everyone's votes, decides, and is cut off; the liars forget what they said. */
  function decidedByOne(n: number) {
    const [f, q] = [faultsMax(n), quorum(n)];
    const of = calm(n, { checkpointEvery: 20 });
    const liars = [0, ...Array.from({ length: f - 1 }, (_, at) => n - 1 - at)];
    const others = Array.from({ length: q - f }, (_, at) => at + 1);
    const alone = q - f + 1;
    // What backups prepare it alone hears: the others have their own word for it, and no certificate.
    of.drop = ({ to, said }) =>
      said?.type === "ballot" &&
      (said.ballot.committed !== undefined || (to !== alone && said.proposals === undefined));
    submit(of, 1, set("k", "decided"));
    run(of, of.now + 30);
    expect(of.kiosks.map(({ replica }) => replica.executed)).toEqual(
      of.kiosks.map((_, index) => (index === alone ? 1 : 0)),
    );
    const name = of.kiosks[alone].replica.slots[0].name!;
    expect(others.map((index) => of.kiosks[index].replica.own.committed)).toEqual(others.map(() => 0));
    for (const liar of liars) of.kiosks[liar].up = false;
    of.queue = [];
    const among = (index: number): boolean => others.includes(index);
    of.drop = ({ from, to }) => !among(from) || !among(to);
    return {
      of,
      liars,
      others,
      alone,
      name,
      honest: of.kiosks.map((_, index) => index).filter((index) => !liars.includes(index)),
    };
  }

  /** The liars join whatever view is wanted, and know of nothing. */
  function lie({ of, liars, others }: ReturnType<typeof decidedByOne>, wanted: number): void {
    run(of, of.now + 60_000, () => others.every((index) => of.kiosks[index].replica.wanted === wanted));
    for (const liar of liars) for (const to of others) pass(of, liar, to, wishBy(of, liar, blank(of, wanted)));
  }

  const slotOf = (of: Rig, index: number) => of.kiosks[index].replica.slots[0];

  test.each([4, 5, 6, 7, 8, 9, 10])(
    "of %i: what it decided for one member alone stands in the next view, whatever liars forget [F01]",
    (n) => {
      const story = decidedByOne(n);
      const { of, others, name, honest } = story;
      lie(story, 1);
      run(of, of.now + 20, () => others.every((index) => of.kiosks[index].replica.view === 1));
      for (const index of others) expect(sameName(slotOf(of, index).name!, name)).toBe(true);
      of.drop = () => false;
      run(of, of.now + 20_000, () => honest.every((index) => done(of, index).length === 1));
      expectTogether(of, honest);
    },
  );

  test.each([4, 7, 10])(
    "of %i: it stands also after a view in which only some of them came to vote on it again [F01]",
    (n) => {
      const story = decidedByOne(n);
      const { of, others, name, honest } = story;
      const { drop } = of;
      // The new view reaches one of those who asked for it; nobody else votes in it.
      of.drop = (sent) =>
        drop(sent) ||
        (sent.said?.type === "newView" && sent.to !== 2) ||
        sent.said?.type === "ballot" ||
        sent.message !== undefined;
      lie(story, 1);
      run(of, of.now + 30);
      expect(others.map((index) => slotOf(of, index).claim?.view)).toEqual(others.map((index) => (index <= 2 ? 1 : 0)));
      of.drop = drop;
      lie(story, 2);
      run(of, of.now + 30, () => others.every((index) => of.kiosks[index].replica.view === 2));
      for (const index of others) expect(sameName(slotOf(of, index).name!, name)).toBe(true);
      of.drop = () => false;
      run(of, of.now + 20_000, () => honest.every((index) => done(of, index).length === 1));
      expectTogether(of, honest);
    },
  );
});
