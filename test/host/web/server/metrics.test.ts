import { afterEach, describe, expect, test } from "vitest";
import { histogram, observe, SHARE_BOUNDS } from "../../../../host/web/server/histogram.ts";
import { metricsText } from "../../../../host/web/server/prometheus-text.ts";
import { perHour, perSecond, rates, sample } from "../../../../host/web/server/rates.ts";
import { type Scrape, scrape } from "./prometheus-rules.ts";
import { closeRigs, rig } from "./rig.ts";

afterEach(closeRigs);

const one = ({ families }: Scrape, name: string) => {
  const family = families.find((each) => each.name === name);
  expect(family, name).toBeDefined();
  return family!;
};
const value = (from: Scrape, name: string): number => Number(one(from, name).metrics[0]?.value);

describe("metrics", () => {
  test("a scrape holds the twelve figures, as a parser of Prometheus' own form reads them [F07]", async () => {
    const { ask, kiosk } = await rig();
    for (const seconds of [0.25, 0.45, 0.45, 1.2]) observe(kiosk.figures.latency, seconds);
    const { members, mesh, consensus } = kiosk.view;
    kiosk.change({
      members: members.map((each) => (each.member === 3 ? { ...each, trust: 0.3, reputation: 0.15 } : each)),
      mesh: {
        ...mesh,
        links: mesh.links.map((link) =>
          link.from === 0 && link.to === 3 ? { ...link, isUp: false, loss: 0.4 } : link,
        ),
        ...{ isPartitioned: true, parts: [[0, 1, 2], [3]] },
      },
      consensus: { ...consensus, fast: 75, slow: 25 },
      trust: { evidence: [], upheld: 3, dismissed: 1 },
    });
    const { headers, text } = await ask("/metrics");
    expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    const from = scrape(0, text);
    // Rounds a second, view changes an hour and throughput are counts, and rates of them.
    expect(value(from, "hardway_rounds_total")).toBe(120);
    expect(value(from, "hardway_rounds_per_second")).toBe(0);
    expect(value(from, "hardway_view_changes_total")).toBe(3);
    expect(value(from, "hardway_view_changes_per_hour")).toBe(0);
    expect(value(from, "hardway_operations_total")).toBe(180);
    expect(value(from, "hardway_operations_per_second")).toBe(0);
    expect(value(from, "hardway_latency_average_seconds")).toBeCloseTo(2.35 / 4);
    expect(one(from, "hardway_latency_seconds")).toMatchObject({
      ...{ type: "HISTOGRAM", metrics: [{ count: "4", buckets: { "0.2": "0", "0.3": "1", "0.5": "3", "1.5": "4" } }] },
    });
    expect(value(from, "hardway_byzantine_members")).toBe(1);
    expect(one(from, "hardway_reputation")).toMatchObject({
      ...{ type: "HISTOGRAM", metrics: [{ count: "3", buckets: { "0.1": "0", "0.2": "1", "0.9": "1", "1": "3" } }] },
    });
    expect(value(from, "hardway_detection_accuracy_ratio")).toBe(0.75);
    expect(value(from, "hardway_fast_path_ratio")).toBe(0.75);
    expect(value(from, "hardway_batch_efficiency_ratio")).toBeCloseTo(180 / (120 * 50));
    expect(value(from, "hardway_partition_active")).toBe(1);
    const connected = one(from, "hardway_connected").metrics;
    expect(connected.length).toBe(12);
    expect(connected).toContainEqual({ value: "0", labels: { from: "0", to: "3" } });
    expect(connected).toContainEqual({ value: "1", labels: { from: "3", to: "0" } });
    expect(value(from, "hardway_loss_ratio")).toBe(0.02);
    expect(one(from, "hardway_link_loss_ratio").metrics).toContainEqual({
      value: "0.4",
      labels: { from: "0", to: "3" },
    });
  });

  test("a kiosk that has nothing to tell yet is scraped all the same", async () => {
    const { ask, kiosk } = await rig();
    kiosk.figures = { ...kiosk.figures, rounds: 0, requests: 0, batches: 0 };
    kiosk.change({
      ...{ craps: null, ledger: null, members: [], radios: [], own: [], rolls: [] },
      mesh: { ...kiosk.view.mesh, links: [], parts: [], sent: 0, dropped: 0, unknown: 0 },
    });
    const from = scrape(0, (await ask("/metrics")).text);
    expect(value(from, "hardway_batch_efficiency_ratio")).toBeNaN();
    expect(value(from, "hardway_ledger_balanced")).toBe(1);
  });

  test("names and devices may hold anything", () => {
    const name = 'a "kiosk"\\\nof {two} lines';
    const text = metricsText([
      { name: "m", help: "h\\h", type: "gauge", values: [{ labels: { name }, value: Number.POSITIVE_INFINITY }] },
    ]);
    expect(scrape(0, text).families[0].metrics).toEqual([{ value: "+Inf", labels: { name } }]);
    expect(text.split("\n").length).toBe(4);
  });

  test("every family has its help and its type, and its name once", async () => {
    const { ask } = await rig();
    const { text } = await ask("/metrics");
    const names = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
    expect(new Set(names.map(([, name]) => name)).size).toBe(names.length);
    for (const [, name, type] of names) {
      expect(text).toContain(`# HELP ${name} `);
      expect(name.endsWith("_total")).toBe(type === "counter");
    }
    expect(scrape(0, text).families.length).toBe(names.length);
  });
});

describe("rates", () => {
  const fed = (seconds: number, each: (second: number) => number) => {
    const of = rates();
    for (let second = 0; second <= seconds; second++) sample(of, second * 1000, { done: each(second) });
    return of;
  };

  test("are over the last minute, and what happens rarely is counted over the last hour", () => {
    const steady = fed(7200, (second) => 2 * second);
    expect(perSecond(steady, "done")).toBeCloseTo(2);
    expect(perHour(steady, "done")).toBeCloseTo(7200, -2);
    const ended = fed(7200, (second) => Math.min(second, 7100));
    expect(perSecond(ended, "done")).toBe(0);
    expect(perHour(ended, "done")).toBeGreaterThan(3400);
  });

  test("a kiosk that has just begun has those of the time that it had", () => {
    expect(
      perSecond(
        fed(0, () => 5),
        "done",
      ),
    ).toBe(0);
    expect(
      perSecond(
        fed(10, (second) => second),
        "done",
      ),
    ).toBeCloseTo(1);
    expect(
      perHour(
        fed(10, (second) => second),
        "done",
      ),
    ).toBe(10);
    expect(perSecond(rates(), "done")).toBe(0);
  });

  test("a count that began anew is no fall", () => {
    const of = fed(100, (second) => (second < 80 ? 1000 + second : second - 80));
    expect(perSecond(of, "done")).toBeGreaterThanOrEqual(0);
    expect(perHour(of, "done")).toBeGreaterThanOrEqual(0);
  });

  test("keep what they need and no more", () => {
    const of = fed(10_000, (second) => second);
    expect(of.recent.length).toBeLessThanOrEqual(62);
    expect(of.hour.length).toBeLessThanOrEqual(62);
  });

  test("a value on a bound is counted below it, and one above all of them is counted too", () => {
    const of = histogram(SHARE_BOUNDS);
    for (const share of [0, 0.1, 0.11, 1, 7]) observe(of, share);
    expect(of.counts).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
  });
});
