import { describe, expect, test } from "vitest";
import { KeyValueOperation } from "../../../../host/engine/keyvalue/operation.ts";
import { lookUp } from "../../../../host/engine/keyvalue/state.ts";
import { LAN } from "../../../../host/engine/timing/profiles.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { utf8Encode } from "../../../../protocol/bytes/utf8.ts";
import { millis } from "../../../../protocol/core/units.ts";
import { feed, type Rig, run, submit, WALL_MS } from "../../../simulator/rig.ts";
import { answers, calm, done, entered, executions, expectTogether, set, watch } from "./stories.ts";

/** Its clock is set so far ahead, or back. */
const setClock = (of: Rig, who: number, aheadMs: number): void =>
  void feed(of, who, { type: "clock", at: millis(of.now), wallMs: WALL_MS + of.now + aheadMs });

const times = (of: Rig, index: number): number[] => executions(of, index).map(({ time }) => time as number);
const lasting = (key: string, timeToLiveMs: number): Uint8Array =>
  encode(KeyValueOperation, {
    type: "setForTime",
    key: utf8Encode(key),
    timeToLiveMs: millis(timeToLiveMs),
    value: utf8Encode("v"),
  });
const has = (of: Rig, index: number, key: string): boolean =>
  lookUp(of.kiosks[index].replica.state.machine, utf8Encode(key)) !== undefined;

describe("agreed time", () => {
  test("a primary whose clock is 31 s ahead is not voted for: the next one leads, and time does not jump", () => {
    const of = calm(4);
    setClock(of, 0, 31_000);
    submit(of, 1, set("k", "v"));
    run(of, of.now + 5_000, () => answers(of, 1).length === 1);
    expect([entered(of, 1), answers(of, 1).length]).toEqual([[1], 1]);
    for (const time of times(of, 2)) expect(Math.abs(time - WALL_MS - of.now)).toBeLessThan(2_000);
    run(of, of.now + 6_000);
    expectTogether(of);
  });

  test("one whose clock is 29 s ahead is, and what follows is later still", () => {
    const of = calm(4);
    setClock(of, 0, 29_000);
    for (let turn = 0; turn < 3; turn++) {
      submit(of, 1, set("k", `${turn}`));
      run(of, of.now + 50);
    }
    expect([entered(of, 1), done(of, 3)]).toEqual([[], ["1/1", "1/2", "1/3"]]);
    const [first, second, third] = times(of, 3);
    expect([first < second, second < third, first - WALL_MS > 29_000]).toEqual([true, true, true]);
  });

  test("one whose clock is 31 s behind is not voted for either", () => {
    const of = calm(4);
    setClock(of, 0, -31_000);
    submit(of, 1, set("k", "v"));
    run(of, of.now + 5_000, () => answers(of, 1).length === 1);
    expect(entered(of, 1)).toEqual([1]);
  });

  test("a liar's clock moves nobody's: one of four that says it is next year changes no batch's time", () => {
    const of = calm(4);
    setClock(of, 3, 365 * 86_400_000);
    for (let turn = 0; turn < 10; turn++) {
      submit(of, 1, set("k", `${turn}`));
      run(of, of.now + 1_000);
    }
    expect(entered(of, 1)).toEqual([]);
    for (const time of times(of, 1)) expect(time - WALL_MS).toBeLessThan(of.now + 100);
    // It executes what is agreed, by the agreed time.
    expectTogether(of);
  });

  test("a deadline that comes while no slot is free wakes nobody for ever, and is met afterwards", () => {
    const of = calm(4);
    submit(of, 1, lasting("k", 2_000));
    run(of, of.now + 100);
    const setWindow = (window: number): void => {
      for (const { replica } of of.kiosks) Object.assign(replica, { options: { ...replica.options, window } });
    };
    setWindow(0);
    run(of, of.now + 3_000);
    expect(executions(of, 0).length).toBe(1);
    setWindow(8);
    run(of, of.now + 5_000);
    expect(of.kiosks.map((_, index) => has(of, index, "k"))).toEqual([false, false, false, false]);
    expectTogether(of);
  });

  test("is ordered for a deadline of an idle table: a key goes when its time is up, on all kiosks alike, and no batch comes before", () => {
    const of = calm(4);
    submit(of, 1, lasting("k", 2_000));
    run(of, of.now + 1_500);
    expect([executions(of, 0).length, has(of, 3, "k")]).toEqual([1, true]);
    run(of, of.now + 1_000);
    expect(executions(of, 0).length).toBe(2);
    expect(executions(of, 0)[1].done).toEqual([]);
    expect(of.kiosks.map((_, index) => has(of, index, "k"))).toEqual([false, false, false, false]);
    const [set1, tick] = times(of, 0);
    expect(tick - set1).toBeGreaterThanOrEqual(2_000);
    expect(tick - set1).toBeLessThan(2_000 + LAN.tickMs + 50);
    // Then it is idle again.
    run(of, of.now + 20_000);
    expect(executions(of, 0).length).toBe(2);
    expectTogether(of);
  });

  test("a primary that lets a deadline pass is left like one that lets a request wait", () => {
    const of = calm(4, { profile: { ...LAN, rotateMs: 3_600_000 } });
    submit(of, 1, lasting("k", 1_000));
    run(of, of.now + 100);
    of.kiosks[0].up = false;
    // Its clock might be slow, by as much as one may be.
    run(of, of.now + 30_000);
    expect(entered(of, 1)).toEqual([]);
    run(of, of.now + 3_000);
    expect([1, 2, 3].map((index) => [entered(of, index), has(of, index, "k")])).toEqual(
      [1, 2, 3].map(() => [[1], false]),
    );
  });

  test("is what operations see: two kiosks whose clocks are 40 s apart come to one state", () => {
    const of = calm(4);
    setClock(of, 1, 20_000);
    setClock(of, 2, -20_000);
    const heard = watch(of);
    for (let turn = 0; turn < 8; turn++) {
      submit(of, turn % 4, lasting(`k${turn}`, 500 * (turn + 1)));
      run(of, of.now + 400);
    }
    run(of, of.now + 6_000);
    expect(heard.filter(({ said }) => said?.type === "viewChange")).toHaveLength(0);
    for (const index of [0, 1, 2, 3])
      for (let turn = 0; turn < 8; turn++) expect(has(of, index, `k${turn}`)).toBe(false);
    expectTogether(of);
  });
});
