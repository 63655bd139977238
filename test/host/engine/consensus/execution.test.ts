import { describe, expect, test } from "vitest";
import type { Batch } from "../../../../protocol/agreement/request.ts";
import { chance, draw, drawBelow } from "../../../../protocol/core/chance.ts";
import { OPERATION_SIZE_MAX } from "../../../../protocol/core/limits.ts";
import { type Rig, run, submit } from "../../../simulator/rig.ts";
import {
  answer,
  answers,
  calm,
  done,
  empty,
  executions,
  expectOneHistory,
  expectTogether,
  get,
  hear,
  pass,
  proposing,
  set,
  stateOf,
  tell,
} from "./stories.ts";

/** Everything arrives, some of it twice, at any time within the next so many milliseconds. */
function shuffled(of: Rig, seed: number, withinMs: number): void {
  const source = chance(seed);
  of.drop = (sent) => {
    const what = sent.said ?? sent.message;
    if (what === undefined) return true;
    for (let copies = draw(source) < 0.2 ? 2 : 1; copies > 0; copies--) {
      pass(of, sent.from, sent.to, what, drawBelow(source, withinMs));
    }
    return true;
  };
}

describe("execution", () => {
  test("is in one order everywhere, whatever order messages arrive in [B07]", () => {
    for (let seed = 1; seed <= 8; seed++) {
      const of = calm(4, { batchLengthMax: 3 });
      shuffled(of, seed, 60);
      for (let turn = 0; turn < 30; turn++) {
        submit(of, turn % 4, set(`k${turn % 5}`, `${turn}`));
        run(of, of.now + 7);
      }
      run(of, of.now + 3_000);
      expect(done(of, 0)).toHaveLength(30);
      expect(executions(of, 0).map((each) => each.sequence as number)).toEqual(
        executions(of, 0).map((_, at) => at + 1),
      );
      expectTogether(of);
    }
  });

  test("is done once: to say again all that was ever said does nothing [B07]", () => {
    const of = calm(4, { checkpointEvery: 5 });
    for (let turn = 0; turn < 12; turn++) {
      submit(of, turn % 4, set(`k${turn}`, `${turn}`));
      run(of, of.now + 50);
    }
    const before = [0, 1, 2, 3].map((index) => [done(of, index).length, stateOf(of, index)]);
    expect(before[0][0]).toBe(12);
    for (const { to, from, said, message } of of.log.slice()) {
      if (said !== undefined) tell(of, to, said);
      if (message !== undefined) hear(of, to, from, message);
    }
    run(of, of.now + 1_000);
    expect([0, 1, 2, 3].map((index) => [done(of, index).length, stateOf(of, index)])).toEqual(before);
  });

  test("of a request that a primary put into one batch twice, and into the next again, is done once [B07]", () => {
    const of = calm(4, { fastPath: false });
    of.kiosks[0].up = false;
    submit(of, 1, set("k", "once"));
    const said = of.log.find(({ said }) => said?.type === "requests")?.said;
    if (said?.type !== "requests") throw new Error("a request is said");
    const [signed] = said.requests;
    const twice: Batch = { ...empty(100), requests: [signed, signed] };
    const again: Batch = { ...empty(101), requests: [signed] };
    const { said: proposed } = proposing(of, 0, [twice, again]);
    for (const to of [1, 2, 3]) {
      if (to !== 1) tell(of, to, said);
      tell(of, to, proposed);
    }
    run(of, of.now + 100);
    for (const index of [1, 2, 3]) {
      expect(executions(of, index).map((each) => each.done.map(({ repeated }) => repeated))).toEqual([
        [false, true],
        [true],
      ]);
      const results = executions(of, index).flatMap((each) => each.done.map(({ result }) => answer(result)));
      expect(results).toEqual(["ok", "ok", "ok"]);
    }
    expect(answers(of, 1)).toHaveLength(1);
    // Numbers go on where they were.
    submit(of, 1, get("k"));
    run(of, of.now + 2_000);
    expect(answer(answers(of, 1)[1].result)).toBe("once");
  });

  test("of a request out of its turn does nothing and uses nothing up: it is done after the one before it [B07]", () => {
    const of = calm(4, { fastPath: false });
    submit(of, 1, set("k", "first"));
    submit(of, 1, set("k", "second"));
    const [first, second] = of.kiosks[1].replica.pools[1].waiting.map((held) => held!.signed);
    const { said } = proposing(of, 0, [{ ...empty(100), requests: [second] }]);
    of.kiosks[0].up = false;
    for (const to of [1, 2, 3]) {
      if (to !== 1) tell(of, to, { type: "requests", requests: [first, second] });
      tell(of, to, said);
    }
    run(of, of.now + 100);
    expect(executions(of, 1).map((each) => each.done.map(({ repeated }) => repeated))).toEqual([[true]]);
    expect([answers(of, 1), of.kiosks[1].replica.state.table.clients[1]]).toEqual([[], { executed: 0, replies: [] }]);
    run(of, of.now + 3_000);
    expect([done(of, 1), done(of, 2)]).toEqual([
      ["1/1", "1/2"],
      ["1/1", "1/2"],
    ]);
    expectTogether(of, [1, 2, 3]);
  });

  test("of a request that was executed before the view changed is not done again in the next [B07]", () => {
    const of = calm(4);
    for (let turn = 0; turn < 6; turn++) {
      submit(of, 1, set("k", `${turn}`));
      run(of, of.now + 10);
      // What was asked is asked again while the primary goes.
      if (turn === 3) of.kiosks[0].up = false;
    }
    run(of, of.now + 3_000);
    expect(of.kiosks[1].replica.view).toBeGreaterThan(0);
    expect(done(of, 1)).toEqual(["1/1", "1/2", "1/3", "1/4", "1/5", "1/6"]);
    expectTogether(of, [1, 2, 3]);
    expectOneHistory(of);
  });

  test("waits for what comes before: a later decision alone is not executed", () => {
    const of = calm(4, { fastPath: false });
    of.kiosks[3].up = false;
    for (let turn = 0; turn < 3; turn++) {
      submit(of, 0, set("k", `${turn}`));
      run(of, of.now + 30);
    }
    const said = of.log.findLast(({ from, said }) => from === 0 && said?.type === "ballot")?.said;
    if (said === undefined) throw new Error("the primary votes");
    tell(of, 3, said);
    expect(of.kiosks[3].replica.executed).toBe(0);
    of.kiosks[3].up = true;
    run(of, of.now + 1_000);
    expectTogether(of);
  });
});

describe("a batch", () => {
  const mixed = [
    [set("a", "1"), "ok"],
    [get("nothing"), "notFound"],
    [Uint8Array.of(0xff, 1, 2, 3), "invalidOperation"],
    [get("a"), "1"],
    [new Uint8Array(OPERATION_SIZE_MAX).fill(7), "invalidOperation"],
    [set("a", "2"), "ok"],
    [get("a"), "2"],
  ] as const;

  test("in which one request fails gives each its own result, in order [F04]", () => {
    const of = calm(4);
    // The first goes alone; the others wait together for it.
    submit(of, 1, set("first", "1"));
    of.now += 0.001;
    for (const [operation] of mixed) submit(of, 1, operation);
    run(of, of.now + 200);
    const [, batch] = executions(of, 0);
    expect(batch.done.map(({ request, result }) => [request.request.number - 2, answer(result)])).toEqual(
      mixed.map(([, words], at) => [at, words]),
    );
    expect(answers(of, 1).map(({ number, result }) => [number - 2, answer(result)])).toEqual([
      [-1, "ok"],
      ...mixed.map(([, words], at) => [at, words]),
    ]);
    expectTogether(of);
  });

  test("of several kiosks answers each the own and nobody else's [F04]", () => {
    const of = calm(4);
    for (const index of [0, 1, 2, 3]) {
      submit(of, index, set(`k${index}`, `${index}`), index);
      submit(of, index, get(`k${index}`), 7);
    }
    run(of, of.now + 300);
    for (const index of [0, 1, 2, 3]) {
      expect(answers(of, index).map(({ seat, result }) => [seat, answer(result)])).toEqual([
        [index, "ok"],
        [7, `${index}`],
      ]);
    }
    expectTogether(of);
  });
});
