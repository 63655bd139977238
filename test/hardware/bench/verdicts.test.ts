import { describe, expect, it } from "vitest";
import { compare, isWorse } from "../../../hardware/bench/compare.ts";
import { parseLimits } from "../../../hardware/bench/limits-file.ts";
import type { BenchRecord } from "../../../hardware/bench/record.ts";
import { tableOf } from "../../../hardware/bench/words.ts";
import { boards } from "../../../hardware/boards/boards.ts";
import { nearest } from "../../../host/cli/nearest.ts";
import { bench, client, planOf, recordOf, rig, server } from "./rig.ts";

const nrf = boards.nrf52.name;
const map = [server("left", nrf), client("right", nrf)];
const plan = planOf({ payloads: [200], measureMs: 4000 });

/** The same bench where the client's connections have this interval. */
const at = (intervalMs: number) =>
  rig(map, {
    boardOf: ({ facts }) => ({ ...facts, ble: { ...facts.ble, intervalMinMs: 15, intervalMaxMs: intervalMs } }),
  });

const limitsOf = (...limits: object[]) => parseLimits("limits.json", JSON.stringify({ version: 1, limits }), nearest);

describe("against a baseline", () => {
  it("what became slower is worse and fails the bench, what became faster is better and does not", async () => {
    const [slow, fast] = [await recordOf(at(60), plan), await recordOf(at(30), plan)];
    const worse = await bench(at(60), plan, { baseline: fast });
    expect(worse).toMatchObject({ ok: false, code: "worseThanBaseline" });
    const better = await bench(at(30), plan, { baseline: slow });
    expect(better).toMatchObject({ ok: true, code: "done" });
    const verdictOf = (result: typeof worse, name: string) =>
      "record" in result && result.record.comparison?.changes.find(({ measurement }) => measurement === name)?.verdict;
    for (const name of ["throughput", "throughputDown", "throughputUp", "oneWayP50", "settledP95"]) {
      expect([name, verdictOf(worse, name), verdictOf(better, name)]).toEqual([name, "worse", "better"]);
    }
    expect(verdictOf(worse, "dropped")).toBe("same");
    if (!("record" in worse)) throw new Error("a worse bench leaves its record");
    const lines = tableOf(worse.record);
    expect(lines).toContainEqual(
      expect.stringMatching(/^ {2}worse {3}pair.*throughputDown was 5\d{3} and is 3\d{3} B\/s/),
    );
  });

  it("the same with another seed is the same: what the spread explains is no change", async () => {
    const first = await recordOf(rig(map, { seed: 1, world: { errorRate: 1e-4 } }), plan);
    const second = await bench(rig(map, { seed: 2, world: { errorRate: 1e-4 } }), plan, { baseline: first });
    expect(second).toMatchObject({ ok: true });
    if (!second.ok) return;
    expect(new Set(second.record.comparison?.changes.map(({ verdict }) => verdict))).toEqual(new Set(["same"]));
  });

  const measured = (value: number, low: number, high: number, name = "throughput" as "throughput" | "dropped") => ({
    ...{ name, unit: name === "throughput" ? ("B/s" as const) : ("%" as const) },
    ...{ value, low, high, samples: 10 },
  });
  const with_ = (of: BenchRecord, ...measurements: ReturnType<typeof measured>[]): BenchRecord => ({
    ...of,
    points: of.points.map((point) => ({ ...point, measurements })),
  });

  it("a sure but small change and a large but unsure one are none; shares are compared in points", async () => {
    const record = await recordOf(rig(map), planOf({ measureMs: 1000 }));
    const verdict = (before: ReturnType<typeof measured>, now: ReturnType<typeof measured>) =>
      compare(with_(record, before), with_(record, now)).changes[0];
    expect(verdict(measured(1000, 999, 1001), measured(960, 959, 961)).verdict).toBe("same");
    expect(verdict(measured(1000, 600, 1400), measured(700, 500, 900)).verdict).toBe("same");
    expect(verdict(measured(1000, 999, 1001), measured(900, 890, 910))).toMatchObject({
      ...{ verdict: "worse", change: -10 },
    });
    expect(verdict(measured(0, 0, 0.2, "dropped"), measured(0.4, 0.3, 0.5, "dropped")).verdict).toBe("same");
    expect(verdict(measured(0, 0, 0.2, "dropped"), measured(3, 2, 4, "dropped"))).toMatchObject({
      ...{ verdict: "worse", change: 3 },
    });
  });

  it("a point that was measured and now fails is worse; one of other conditions is not compared, and why", async () => {
    const record = await recordOf(rig(map), planOf({ measureMs: 1000 }));
    const failed: BenchRecord = {
      ...record,
      points: record.points.map((point) => ({ ...point, status: "failed", why: "no link", measurements: [] })),
    };
    const lost = compare(record, failed);
    expect(lost.lost).toEqual([{ point: record.points[0].id, why: "no link" }]);
    expect([isWorse(lost), isWorse(compare(failed, record))]).toEqual([true, false]);
    const other: BenchRecord = { ...record, plan: { ...record.plan, window: 2 } };
    expect(compare(record, other)).toMatchObject({ changes: [], different: [{ why: "window was 4 and is 2" }] });
    const radios = record.radios.map((radio) => ({ ...radio, board: "esp32c3" }));
    expect(compare(record, { ...record, radios }).different[0].why).toBe(
      "boards was nrf52-dk, nrf52-dk and is esp32c3, esp32c3",
    );
  });

  it("another firmware is named, radio by radio", async () => {
    const record = await recordOf(rig(map), planOf({ measureMs: 1000 }));
    const radios = record.radios.map((radio) => ({ ...radio, build: "00000000000000ff" }));
    const { builds } = compare({ ...record, radios }, record);
    expect(builds).toEqual([
      { radio: "left", before: "00000000000000ff", now: "0000000000000000" },
      { radio: "right", before: "00000000000000ff", now: "0000000000000000" },
    ]);
  });
});

describe("limits", () => {
  it("that are kept pass, one that is not fails the bench, and one that nothing met is listed", async () => {
    const limits = limitsOf(
      { measurement: "throughputDown", unit: "B/s", min: 3000, where: { payload: 200 } },
      { measurement: "dropped", unit: "%", max: 0 },
      { measurement: "oneWayP99", unit: "ms", max: 10, where: { board: nrf } },
      { measurement: "oneWayP99", unit: "ms", max: 10, where: { board: "esp32c3" } },
    );
    if (!limits.ok) throw new Error(limits.why);
    const kept = await bench(rig(map), plan, { limits: limits.value.slice(0, 2) });
    expect(kept).toMatchObject({ ok: true, code: "done" });
    const result = await bench(rig(map), plan, { limits: limits.value });
    expect(result).toMatchObject({ ok: false, code: "limitsExceeded", why: "1 of 3 limits are not kept" });
    if (!("record" in result)) throw new Error("it leaves its record");
    expect(result.record.limits.map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(result.record.limitsUnused).toEqual(["oneWayP99 at most 10 ms for board esp32c3"]);
  });

  it("of what nobody measures, in another unit, without an end or with both the wrong way round are refused", () => {
    const parsed = limitsOf(
      { measurement: "througput", unit: "B/s", min: 1 },
      { measurement: "oneWayP50", unit: "s", max: 1 },
      { measurement: "dropped", unit: "%" },
      { measurement: "dropped", unit: "%", min: 2, max: 1 },
    );
    expect(parsed).toMatchObject({
      ok: false,
      why: [
        'limits.json:1:25: limits[0].measurement: nothing measures "througput"; did you mean "throughput"?',
        'limits.json:1:100: limits[1].unit: oneWayP50 is measured in "ms", not in "s"',
        "limits.json:1:120: limits[2]: it has neither min nor max",
        "limits.json:1:157: limits[3]: min 2 is above max 1",
      ].join("\n"),
    });
  });
});
