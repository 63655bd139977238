import { describe, expect, test } from "vitest";
import { faultsMax } from "../../../../host/engine/consensus/quorum.ts";
import { backedOffMs } from "../../../../host/engine/timing/back-off.ts";
import { LAN } from "../../../../host/engine/timing/profiles.ts";
import { chance, draw, drawBelow } from "../../../../protocol/core/chance.ts";
import { type Rig, run, submit } from "../../../simulator/rig.ts";
import { type Conspiracy, lieOf } from "./liars.ts";
import { accusations, calm, done, expectOneHistory, expectTogether, pass, set } from "./stories.ts";

interface Schedule {
  readonly of: Rig;
  readonly honest: readonly number[];
  /** From here on everything arrives within a hop, and the liars go on. */
  readonly heal: () => void;
  readonly lies: () => number;
}

/** Everything is drawn from one seed: how the table agrees, what gets lost or late or twice, who lies and how. */
function schedule(n: number, seed: number): Schedule {
  const source = chance(seed);
  const of = calm(n, {
    checkpointEvery: 3 + drawBelow(source, 10),
    window: 1 + drawBelow(source, 8),
    batchLengthMax: 1 + drawBelow(source, 5),
    bundles: draw(source) < 0.8,
    profile: { ...LAN, rotateMs: draw(source) < 0.5 ? 1_000 : 30_000 },
  });
  const liars = new Set<number>([drawBelow(source, 3)]);
  while (liars.size < faultsMax(n)) liars.add(drawBelow(source, n));
  const conspiracy: Conspiracy = [];
  const [loss, repeats, lateMs] = [draw(source) * 0.3, draw(source) * 0.2, 1 + drawBelow(source, 60)];
  let healed = false;
  let lies = 0;
  of.drop = (sent) => {
    const truth = sent.said ?? sent.message;
    const what = liars.has(sent.from) && sent.said !== undefined ? lieOf(of, sent, conspiracy, source) : truth;
    if (what !== truth) lies += 1;
    if (what === undefined || (!healed && draw(source) < loss)) return true;
    for (let copies = draw(source) < repeats ? 2 : 1; copies > 0; copies--) {
      pass(of, sent.from, sent.to, what, healed ? 1 : 1 + drawBelow(source, lateMs));
    }
    return true;
  };
  const honest = of.kiosks.map((_, index) => index).filter((index) => !liars.has(index));
  for (let turn = 0; turn < 12; turn++) {
    submit(of, drawBelow(source, n), set(`k${turn % 3}`, `${turn}`));
    run(of, of.now + drawBelow(source, 120));
  }
  return { of, honest, heal: () => void (healed = true), lies: () => lies };
}

/** What honest kiosks have asked for and nobody has executed. */
const waiting = ({ of, honest }: Schedule): number =>
  honest.reduce((sum, index) => sum + of.kiosks[index].replica.pools[index].waiting.length, 0);

/** T·2^i for each primary that may still fail, and time for its new view. */
function boundMs({ of, honest }: Schedule): number {
  const n = of.kiosks.length;
  const doublings = Math.max(...honest.map((index) => of.kiosks[index].replica.timing.patience.doublings));
  let sum = 0;
  for (let i = 0; i <= n - of.kiosks[0].replica.quorum + 1; i++) sum += backedOffMs(LAN.timeoutMaxMs, doublings + i);
  return sum + 8;
}

describe.each([
  [4, 30],
  [7, 10],
  [10, 5],
])("of %i members with as many liars as may be, in %i schedules", (n, count) => {
  test("no two honest ones execute different batches, and nobody honest is accused; when the network heals all that was asked is executed [B12] [B13]", () => {
    let [lies, views, worst] = [0, 0, 0];
    for (let seed = 1; seed <= count; seed++) {
      const told = schedule(n, n * 1000 + seed);
      const { of, honest } = told;
      expectOneHistory(of, honest);
      told.heal();
      const [start, most] = [of.now, boundMs(told)];
      const over = (): boolean =>
        waiting(told) === 0 && new Set(honest.map((index) => of.kiosks[index].replica.executed)).size === 1;
      run(of, start + most, over);
      expect([seed, over()]).toEqual([seed, true]);
      expectTogether(of, honest);
      for (const index of honest) {
        for (const evidence of accusations(of, index)) {
          const sender =
            evidence.type === "contradiction"
              ? evidence.first.sender
              : evidence.type === "amnesia"
                ? evidence.change.sender
                : evidence.newView.sender;
          expect(honest).not.toContain(sender);
        }
      }
      lies += told.lies();
      views += Math.max(...honest.map((index) => of.kiosks[index].replica.view));
      worst = Math.max(worst, (of.now - start) / most);
      expect(done(of, honest[0]).length).toBeGreaterThan(0);
    }
    // They were schedules that meant something.
    expect([lies > 10 * count, views > 0, worst < 1]).toEqual([true, true, true]);
  });
});
