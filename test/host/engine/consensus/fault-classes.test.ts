import { describe, expect, test } from "vitest";
import { faultsMax } from "../../../../host/engine/consensus/quorum.ts";
import { chance, draw, drawBelow } from "../../../../protocol/core/chance.ts";
import { type Rig, run, submit } from "../../../simulator/rig.ts";
import { type Conspiracy, lieOf } from "./liars.ts";
import { answers, calm, expectOneHistory, expectTogether, pass, set } from "./stories.ts";
import { blank, wishBy } from "./wishes.ts";

/** What so many members do wrong, from the first primary on. The seed decides the rest. */
type Injector = (of: Rig, faulty: readonly number[], seed: number) => void;

const crash: Injector = (of, faulty) => {
  for (const index of faulty) of.kiosks[index].up = false;
};

/** Half of what they say, and of what is said to them, is lost. */
const omission: Injector = (of, faulty, seed) => {
  const source = chance(seed);
  of.drop = ({ from, to }) => (faulty.includes(from) || faulty.includes(to)) && draw(source) < 0.5;
};

/** They are right, and late: by more than anybody waits for a primary. */
const timing: Injector = (of, faulty, seed) => {
  const source = chance(seed);
  of.drop = ({ from, to, said, message }) => {
    if (!faulty.includes(from)) return false;
    pass(of, from, to, (said ?? message)!, 300 + drawBelow(source, 900));
    return true;
  };
};

/** Two histories, votes for both, old words, wishes that know of nothing. */
const byzantine: Injector = (of, faulty, seed) => {
  const source = chance(seed);
  const conspiracy: Conspiracy = [];
  of.drop = (sent) => {
    if (!faulty.includes(sent.from) || sent.said === undefined) return false;
    const lie = lieOf(of, sent, conspiracy, source);
    if (lie !== undefined) pass(of, sent.from, sent.to, lie);
    return true;
  };
};

/** They want every view and vote in none. */
const withholding: Injector = (of, faulty) => {
  of.drop = ({ from, to, said }) => {
    if (!faulty.includes(from)) return false;
    if (said?.type === "viewChange") pass(of, from, to, wishBy(of, from, blank(of, said.change.view)));
    return true;
  };
};

/** Requests of everybody who is not faulty, now and then. */
function load(of: Rig, honest: readonly number[], turns: number): void {
  for (let turn = 0; turn < turns; turn++) {
    submit(of, honest[turn % honest.length], set(`k${turn % 5}`, `${turn}`));
    run(of, of.now + 60);
  }
}

const table = (n: number) => calm(n, { checkpointEvery: 7 });
const without = (n: number, faulty: readonly number[]): number[] =>
  Array.from({ length: n }, (_, at) => at).filter((at) => !faulty.includes(at));
const answered = (of: Rig, honest: readonly number[]): number =>
  honest.reduce((sum, index) => sum + answers(of, index).length, 0);

describe.each([4, 7])("of %i members", (n) => {
  const f = faultsMax(n);

  test.each<[string, Injector]>([
    ["crash", crash],
    ["lose half of their messages", omission],
    ["are late", timing],
    ["lie", byzantine],
    ["withhold their votes", withholding],
  ])("as many as may be %s: the others agree, and all that they ask is answered [B14]", (_, inject) => {
    for (let seed = 1; seed <= 3; seed++) {
      // The first primary is one of them.
      const faulty = Array.from({ length: f }, (_, at) => at);
      const honest = without(n, faulty);
      const of = table(n);
      inject(of, faulty, seed);
      load(of, honest, 20);
      run(of, of.now + 60_000, () => answered(of, honest) === 20);
      expect([seed, answered(of, honest)]).toEqual([seed, 20]);
      expectOneHistory(of, honest);
    }
  });

  test.each<[string, Injector]>([
    ["crash", crash],
    ["lose half of their messages", omission],
    ["are late", timing],
    ["withhold their votes", withholding],
  ])("one more than may be %s: nobody disagrees, and it goes on when they are well [B14]", (_, inject) => {
    const faulty = Array.from({ length: f + 1 }, (_, at) => at);
    const of = table(n);
    inject(of, faulty, 1);
    load(of, without(n, faulty), 10);
    expectOneHistory(of);
    if (inject === crash || inject === withholding) expect(answered(of, without(n, faulty))).toBe(0);
    of.drop = () => false;
    for (const kiosk of of.kiosks) kiosk.up = true;
    run(of, of.now + 60_000, () => answered(of, without(n, faulty)) === 10);
    run(of, of.now + 2_000);
    expect(answered(of, without(n, faulty))).toBe(10);
    expectTogether(of);
  });
});
