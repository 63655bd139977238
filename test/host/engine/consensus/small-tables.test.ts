import { describe, expect, test } from "vitest";
import { toleratesByzantine } from "../../../../host/engine/consensus/quorum.ts";
import { run, submit } from "../../../simulator/rig.ts";
import {
  answers,
  ballotBy,
  calm,
  done,
  empty,
  entered,
  executions,
  expectTogether,
  pass,
  proposing,
  saying,
  set,
} from "./stories.ts";

describe.each([2, 3])("a table of %i", (n) => {
  test("says that it tolerates nobody who lies, and plays [B17]", () => {
    expect(toleratesByzantine(n)).toBe(false);
    const of = calm(n, { checkpointEvery: 3 });
    for (let turn = 0; turn < 7; turn++) {
      submit(of, turn % n, set("k", `${turn}`));
      run(of, of.now + 100);
    }
    expect(done(of, 0)).toHaveLength(7);
    expect(of.kiosks[0].replica.stable.header.sequence).toBe(6);
    expectTogether(of);
  });

  test("waits for its primary while that is away, or goes on without it, and loses nothing [B17]", () => {
    const of = calm(n);
    of.kiosks[0].up = false;
    submit(of, 1, set("k", "v"));
    run(of, of.now + 5_000);
    // Two of three are a quorum; one of two is not.
    expect(done(of, 1)).toEqual(n === 3 ? ["1/1"] : []);
    of.kiosks[0].up = true;
    run(of, of.now + 20_000);
    expect(done(of, 0)).toEqual(["1/1"]);
    expect(answers(of, 1)).toHaveLength(1);
    expectTogether(of);
  });
});

test("a table of three goes on without a backup, in the same view [B17]", () => {
  const of = calm(3);
  of.kiosks[2].up = false;
  submit(of, 1, set("k", "v"));
  run(of, of.now + 200);
  expect([done(of, 0), done(of, 1), entered(of, 1)]).toEqual([["1/1"], ["1/1"], []]);
});

test("four tolerate one who lies", () => {
  expect(toleratesByzantine(4)).toBe(true);
});

/** A primary that tells every second member another history, commits to both, and is believed by whom it may. */
function betray(n: number) {
  const of = calm(n);
  of.kiosks[0].up = false;
  const histories = [proposing(of, 0, [empty(100)]), proposing(of, 0, [empty(101)])];
  of.drop = ({ from, to }) => from % 2 !== to % 2;
  for (let to = 1; to < n; to++) {
    const { said, places } = histories[to % 2];
    pass(of, 0, to, said);
    pass(of, 0, to, saying(ballotBy(of, 0, { proposed: places[0], committed: places[0] })), 5);
  }
  run(of, of.now + 150);
  return of.kiosks.slice(1).map((_, at) => executions(of, at + 1).map(({ time }) => (time as number) % 1000));
}

test("of three, one who lies splits the others: the label says the truth; of four it does not [B17]", () => {
  expect(betray(3)).toEqual([[101], [100]]);
  expect(betray(4)).toEqual([[101], [], [101]]);
});
